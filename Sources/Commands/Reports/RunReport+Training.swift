internal import Benchmarking
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support

extension RunReport {
  /// The training: curves, schedule, epochs, settings, and the machine.
  func trainingBlocks() throws -> [ReportBlock] {
    let size = Size(360, 270)
    let curves = Panels.curveCharts([history], size: size)
    var figures = [
      (try Panels("", charts: [curves[0]]).reportDrawing("Loss"), "Mean loss of each epoch."),
      (try Panels("", charts: [curves[1]]).reportDrawing("Accuracy"), "Accuracy of each epoch."),
    ]
    if var schedule = Panels.scheduleChart([history]) {
      schedule.size = size
      schedule.title = "Learning rate"
      figures.append(
        (try Panels("", charts: [schedule]).reportDrawing("Learning rate"), "The learning rate of each step."))
    }
    return [
      .figures(history.epochs.isEmpty ? [] : figures), .table(epochTable), .heading("Settings"), .facts(settingFacts),
      .heading("Machine"), .facts(machineFacts),
    ]
  }

  private var epochTable: ReportTable {
    let hasValidation = history.epochs.contains { $0.validation != nil }
    func cells(_ score: EpochSummary.Score?) -> [String] {
      guard let score else { return ["–", "–"] }
      return [NumberText.fixed(score.loss, decimals: 4), NumberText.percent(score.accuracy)]
    }
    let columns = ["epoch", "steps", "learning rate", "train loss", "train accuracy"]
    return ReportTable(
      "Epochs",
      columns: (columns + (hasValidation ? ["validation loss", "validation accuracy"] : [])).map { .init($0) },
      rows: history.epochs.map { epoch in
        [
          String(epoch.number), NumberText.grouped(epoch.steps),
          Self.rate(epoch.learningRate),
        ] + cells(epoch.training) + (hasValidation ? cells(epoch.validation) : [])
      })
  }

  /// A learning rate in few digits; very small rates have an exponent.
  private static func rate(_ rate: Double) -> String {
    guard rate > 0, rate < 1e-4 else { return NumberText.fixed(rate, decimals: 6) }
    var (digits, exponent) = (rate, 0)
    while digits < 1 {
      digits *= 10
      exponent -= 1
    }
    return "\(NumberText.fixed(digits, decimals: 2))e\(exponent)"
  }

  private var settingFacts: [ReportBlock.Fact] {
    SettingField.all.map { field in
      let value = field.read(history.settings)
      let name = field.key.map { $0 == "_" ? " " : String($0) }.joined()
      if case .string(let text) = value { return .init(name, text) }
      return .init(name, value == .null ? "–" : value.text)
    }
  }

  private var machineFacts: [ReportBlock.Fact] {
    let provenance = history.record["provenance"]
    let machine = provenance?["machine"]
    func fact(_ name: String, _ value: JSONValue?) -> ReportBlock.Fact? {
      switch value {
      case .string(let text): .init(name, text)
      case .integer(let number): .init(name, String(number))
      default: nil
      }
    }
    let speed = history.record["result"]?["images_per_second"]?.double.map {
      ReportBlock.Fact("training speed", "\(NumberText.whole($0)) images/s")
    }
    return [
      speed, fact("processor", machine?["cpu"]), fact("cores", machine?["cores"]),
      fact("threads", history.record["threads"]), fact("vector instructions", machine?["vector_instructions"]),
      fact("BLAS", machine?["blas"]), fact("BLAS kernels", machine?["blas_core"]),
      fact("jacquard", provenance?["version"]),
      fact("weights' SHA-256", history.record["result"]?["weights_sha256"]).map { fact in
        // The beginning distinguishes weights; run.json has the rest.
        .init(fact.name, fact.value.prefix(16) + "…")
      },
    ].compactMap { $0 }
  }
}
