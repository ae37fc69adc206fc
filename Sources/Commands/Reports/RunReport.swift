internal import Datasets
internal import Figures
internal import Jacquard

/// A run as one page: what it was, what it came to, and what can be seen of it.
struct RunReport {
  /// The run's training.
  let history: RunHistory
  /// Its last weights' answers to the test set.
  let evaluation: Evaluation
  /// The data that it was trained on and judged by.
  let data: DataReport

  /// Collects everything.
  ///
  /// - Parameter run: The run folder.
  init(run: String, inference: InferenceOptions, folder: DataFolder) throws {
    history = try RunHistory(run)
    evaluation = try Evaluation(checkpoint: history.path, split: .test, inference: inference, folder: folder)
    let training = try folder.load(.training, classNames: evaluation.classNames)
    try training.shape.requirePicture(of: folder.path)
    data = DataReport(folder: folder.path, training: training, test: evaluation.data.source.set)
  }

  /// The page.
  func page() throws -> ReportPage {
    let report = evaluation.report
    let interval = [report.accuracyInterval.low, report.accuracyInterval.high].map { NumberText.percent($0) }
    var highlights: [ReportBlock.Fact] = [
      .init("test accuracy", NumberText.percent(report.accuracy)),
      .init("95 % interval", "\(interval[0].dropLast(2))–\(interval[1])"),
      .init("test loss", NumberText.fixed(report.loss, decimals: 4)),
      .init("parameters", NumberText.grouped(evaluation.network.parameterCount)),
    ]
    if let seconds = history.record["result"]?["seconds"]?.double {
      highlights.append(.init("training time", NumberText.duration(seconds)))
    }
    let epochs = history.epochs.last?.number ?? 0
    return ReportPage(
      "\(evaluation.network.model.name) on \(dataName)",
      subtitle: "\(history.path), \(epochs) of \(history.settings.epochs) epochs, \(status)", highlights: highlights,
      sections: [
        .init("Data", try dataBlocks()), .init("Model", try modelBlocks()), .init("Training", try trainingBlocks()),
        .init("Evaluation", try evaluationBlocks()), .init("Predictions", try predictionBlocks()),
        .init("Mistakes", mistakeBlocks()),
      ],
      footer: "Written by jacquard \(Version.current) from the run in \(history.path).")
  }

  /// What the data is called: a set that is known by its content, or the folder's last part.
  var dataName: String {
    KnownData.isFashionMNIST(evaluation.data.source.set, part: .test) ? "Fashion-MNIST" : "test images"
  }

  private var status: String {
    guard case .string(let status)? = history.record["status"] else { return "status unknown" }
    if case .string(let ended)? = history.record["ended"] { return "\(status) \(ended)" }
    return status
  }
}
