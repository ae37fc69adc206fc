internal import Benchmarking
internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// A run as one page: its settings, its results, and its figures.
struct RunReport {
  /// The run's training.
  let history: RunHistory
  /// The predictions of its last weights for the test set.
  let evaluation: Evaluation
  /// The data of training and evaluation.
  let data: DataReport

  /// Collects everything.
  ///
  /// - Parameters:
  ///   - run: The run folder.
  ///   - views: The views to average.
  init(
    run: String, views: TestTimeViews, inference: InferenceSettings, console: Console,
    data: (Checkpoint) throws -> DataSource
  ) throws {
    history = try RunHistory(run)
    evaluation = try Self.evaluation(history, views: views, inference: inference, console: console, data: data)
    let origin = evaluation.data.origin
    let training = try origin.load(.training, classNames: evaluation.classNames)
    try training.shape.requirePicture(of: origin.path)
    self.data = DataReport(
      folder: origin.path, training: training, test: evaluation.split == .test ? evaluation.data.source.set : nil)
  }

  /// The predictions for the test images; without a test set, for the validation images, or else for the training images.
  private static func evaluation(
    _ history: RunHistory, views: TestTimeViews, inference: InferenceSettings, console: Console,
    data: (Checkpoint) throws -> DataSource
  ) throws -> Evaluation {
    func evaluation(_ split: EvaluationSplit) throws -> Evaluation {
      try Evaluation(
        checkpoint: history.path, split: split, views: views, inference: inference, console: console, data: data)
    }
    do {
      return try evaluation(.test)
    } catch let error as DatasetError where error.code == .noTestImages {
      return try evaluation(history.settings.validation == nil ? .train : .validation)
    }
  }

  /// The name of the images that the network was evaluated on.
  var splitName: String {
    switch evaluation.split {
    case .test: "test"
    case .validation: "validation"
    case .train: "training"
    }
  }

  /// The page.
  func page() throws -> ReportPage {
    let report = evaluation.report
    let interval = [report.accuracyInterval.low, report.accuracyInterval.high].map { NumberText.percent($0) }
    var highlights: [ReportBlock.Fact] = [
      .init("\(splitName) accuracy", NumberText.percent(report.accuracy)),
      .init("95 % interval", "\(interval[0].dropLast(2))–\(interval[1])"),
      .init("\(splitName) loss", NumberText.fixed(report.loss, decimals: 4)),
      .init("parameters", NumberText.grouped(evaluation.network.parameterCount)),
    ]
    if let plain = evaluation.plainReport {
      highlights.insert(.init("accuracy without views", NumberText.percent(plain.accuracy)), at: 1)
    }
    if let seconds = history.record["result"]?["seconds"]?.double {
      highlights.append(.init("time", NumberText.duration(seconds)))
    }
    let epochs = history.epochs.last?.number ?? 0
    return ReportPage(
      "\(evaluation.network.model.name) on \(dataName)",
      subtitle:
        "\(history.path), \(epochs) of \(history.settings.epochs) epoch\(history.settings.epochs == 1 ? "" : "s"), \(status)",
      highlights: highlights,
      sections: [
        .init("Summary", [.paragraph(opening), .facts(recipe)]), .init("Evaluation", try evaluationBlocks()),
        .init("Data", try dataBlocks()), .init("Model", try modelBlocks()), .init("Training", try trainingBlocks()),
        .init("Predictions", try predictionBlocks()), .init("Mistakes", try mistakeBlocks()),
      ],
      footer: "Written by jacquard \(Version.current) from the run in \(history.path).")
  }

  /// A summary of the page, in one paragraph.
  private var opening: String {
    let report = evaluation.report
    var sentences = [
      "The model classifies \(NumberText.grouped(report.correct)) of \(NumberText.grouped(report.count)) \(splitName) images correctly, "
        + "\(NumberText.percent(report.accuracy))."
    ]
    if let plain = evaluation.plainReport {
      sentences.append(
        "Its logits are the mean over \(evaluation.views.count) views of each image (\(evaluation.views)); for the images alone, "
          + "the accuracy is \(NumberText.percent(plain.accuracy)).")
    }
    let seen = report.perClass.filter { $0.support > 0 }
    if let weakest = seen.min(by: { $0.f1 < $1.f1 }), seen.count > 1, report.correct < report.count {
      sentences.append(
        "Its weakest class is \(weakest.name), with recall \(NumberText.percent(weakest.recall, decimals: 1)) and "
          + "precision \(NumberText.percent(weakest.precision, decimals: 1)).")
    }
    if let pair = report.mostConfused(1).first {
      let (label, answer) = (evaluation.classNames[pair.label], evaluation.classNames[pair.answer])
      sentences.append(
        "The most frequent confusion is \(label) classified as \(answer), \(NumberText.grouped(pair.count)) "
          + "time\(pair.count == 1 ? "" : "s").")
    }
    return sentences.joined(separator: " ")
  }

  /// The settings of the training, in few lines.
  private var recipe: [ReportBlock.Fact] {
    let settings = history.settings
    let rate = "\(settings.optimizer.rawValue), learning rate \(settings.learningRate), \(settings.schedule.rawValue)"
    return [
      .init(
        "model", "\(evaluation.network.model.name), \(NumberText.grouped(evaluation.network.parameterCount)) parameters"
      ),
      .init("optimizer", rate), .init("batch", String(settings.batchSize)), .init("epochs", String(settings.epochs)),
      .init("seed", String(settings.seed)),
    ]
  }

  /// The data's name: of a set recognized by its content, or the folder's last part.
  var dataName: String {
    let isKnown = evaluation.split == .test && KnownData.isFashionMNIST(evaluation.data.source.set, part: .test)
    if isKnown { return "Fashion-MNIST" }
    let name = PathText.name(evaluation.data.origin.path)
    return name.isEmpty ? "/" : name
  }

  private var status: String {
    guard case .string(let status)? = history.record["status"] else { return "status unknown" }
    if case .string(let ended)? = history.record["ended"] { return "\(status) \(ended)" }
    return status
  }
}
