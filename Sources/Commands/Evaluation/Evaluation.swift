internal import Datasets
internal import Jacquard

/// An evaluation and how it is shown.
struct Evaluation {
  private let checkpoint: String
  private let model: String
  private let split: EvaluationSplit
  private let report: ClassificationReport
  private let seconds: Double

  /// Evaluates a checkpoint.
  ///
  /// - Parameters:
  ///   - name: The checkpoint as the user named it.
  ///   - network: Its network.
  ///   - data: The images.
  init(
    name: String, network: Network, data: EvaluationData, split: EvaluationSplit, views: TestTimeViews,
    options: InferenceOptions
  ) {
    let predictor = Predictor(
      network, team: WorkerTeam(threads: options.threadCount), chunk: options.imagesPerWorker)
    let start = SystemClock.seconds
    // Nothing stops this prediction, so there always is one; no images would be an empty report.
    let plain = predictor.logits(of: EvaluationSamples(data.source)) ?? Predictions(logits: [], labels: [])
    let mirrored = views == .flip ? predictor.logits(of: EvaluationSamples(data.source, isMirrored: true)) : nil
    let logits = mirrored.map { zip(plain.logits, $0.logits).map { ($0 + $1) / 2 } } ?? plain.logits
    report = ClassificationReport(
      Predictions(logits: logits, labels: plain.labels), classNames: network.model.classNames)
    seconds = SystemClock.seconds - start
    checkpoint = name
    model = network.model.name
    self.split = split
  }

  /// The share of right answers.
  var accuracy: Double { report.accuracy }

  private var imagesPerSecond: Double { Double(report.count) / max(1e-9, seconds) }

  /// The result for programs.
  var json: JSONValue {
    [
      "schema": 1,
      "checkpoint": .string(checkpoint),
      "model": .string(model),
      "split": .string(split.rawValue),
      "count": .integer(report.count),
      "loss": .rounded(report.loss, decimals: 6),
      "accuracy": .rounded(report.accuracy, decimals: 6),
      "top3": .rounded(report.top3, decimals: 6),
      "expected_calibration_error": .rounded(report.expectedCalibrationError, decimals: 6),
      "per_class": .array(
        report.perClass.map { figures in
          [
            "class": .string(figures.name),
            "precision": .rounded(figures.precision, decimals: 6),
            "recall": .rounded(figures.recall, decimals: 6),
            "f1": .rounded(figures.f1, decimals: 6),
            "support": .integer(figures.support),
          ]
        }),
      "confusion": .array(report.confusion.map { .array($0.map(JSONValue.integer)) }),
      "seconds": .rounded(seconds, decimals: 3),
      "images_per_second": .rounded(imagesPerSecond, decimals: 1),
    ]
  }

  /// The result for people.
  var lines: [String] {
    let speed = "\(NumberText.grouped(Int(imagesPerSecond.rounded()))) images/s"
    let pairs: [(name: String, value: String)] = [
      ("checkpoint", checkpoint),
      ("model", model),
      ("images", "\(NumberText.grouped(report.count)), \(split.rawValue)"),
      ("loss", NumberText.fixed(report.loss, decimals: 4)),
      ("accuracy", NumberText.percent(report.accuracy)),
      ("top 3", NumberText.percent(report.top3)),
      ("calibration error", NumberText.percent(report.expectedCalibrationError)),
      ("time", "\(NumberText.duration(seconds)), \(speed)"),
    ]
    return TextTable.pairs(pairs) + [""] + classTable.lines + ["", "True classes are rows, answers are columns."]
      + confusionTable.lines
  }

  private var classTable: TextTable {
    var table = TextTable([
      ("class", .right), ("name", .left), ("precision", .right), ("recall", .right), ("f1", .right),
      ("images", .right),
    ])
    for (label, figures) in report.perClass.enumerated() {
      let shares = [figures.precision, figures.recall, figures.f1].map { NumberText.fixed($0, decimals: 4) }
      table.append([String(label), figures.name] + shares + [NumberText.grouped(figures.support)])
    }
    return table
  }

  private var confusionTable: TextTable {
    var table = TextTable([("", .right)] + report.confusion.indices.map { (String($0), .right) })
    for (label, row) in report.confusion.enumerated() { table.append([String(label)] + row.map(String.init)) }
    return table
  }
}
