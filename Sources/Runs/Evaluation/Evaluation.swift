package import Datasets
internal import Files
package import JacquardEngine
package import Support
package import Terminal

/// A checkpoint's answers to the images of a split.
package struct Evaluation {
  /// The checkpoint as the user named it.
  package let checkpoint: String
  /// The network that answered.
  package let network: Network
  /// Where the network's preprocessing comes from.
  package let preprocessingOrigin: PreprocessingSource
  /// The run that made the weights, where they say so.
  package let provenance: JSONValue?
  /// The images.
  package let data: EvaluationData
  /// Which images these are.
  package let split: EvaluationSplit
  /// Which views of them were looked at.
  package let views: TestTimeViews
  /// The answers, in the order of the images.
  package let predictions: Predictions
  /// How good they are.
  package let report: ClassificationReport
  /// The worker threads that computed them.
  package let threads: Int
  /// What took how long.
  package let timing: EvaluationTiming
  /// The files of the images, in their order; nil where images are items of a file.
  private let paths: [String]?

  /// Reads a checkpoint and the images, and lets the one answer to the other.
  ///
  /// - Parameter source: Says where the images are, once the checkpoint is known.
  package init(
    checkpoint: String, split: EvaluationSplit, views: TestTimeViews = .none, inference: InferenceSettings,
    console: Console,
    data source: (Checkpoint) throws -> DataSource
  ) throws {
    var timing = EvaluationTiming(now: SystemClock.seconds)
    let loaded = try Checkpoint(checkpoint, model: inference.model, preprocessing: inference.preprocessing)
    loaded.warnOfAssumedPreprocessing(on: console)
    preprocessingOrigin = loaded.preprocessingOrigin
    try MemoryCheck.check(loaded.model, inference: inference, memory: Machine().memory)
    network = try loaded.network()
    timing.end(.checkpoint, now: SystemClock.seconds)
    data = try EvaluationData(try source(loaded), checkpoint: loaded, split: split)
    timing.end(.data, now: SystemClock.seconds)
    // Nothing stops this prediction, so there always is one.
    predictions =
      try views.predictions(network, data.source, inference: inference) ?? Predictions(logits: [], labels: [])
    try predictions.requireFinite(from: checkpoint)
    timing.end(.prediction, now: SystemClock.seconds)
    report = ClassificationReport(predictions, classNames: network.model.classNames)
    timing.end(.figures, now: SystemClock.seconds)
    self.timing = timing
    paths = try data.paths()
    self.checkpoint = checkpoint
    self.split = split
    threads = inference.threadCount
    self.views = views
    provenance = loaded.provenance
  }

  /// The share of right answers.
  package var accuracy: Double { report.accuracy }
  /// The names of the classes.
  package var classNames: [String] { network.model.classNames }
  /// Images answered per second; each view of one counts as one.
  package var imagesPerSecond: Double {
    Double(report.count * views.changes.count) / max(1e-9, timing.seconds(of: .prediction))
  }

  /// Every answer, in the order of the images.
  package var answers: [Answer] { predictions.answers(classes: classNames.count) }

  /// The place in its file of an image that was answered; in a folder of pictures, among all of them.
  package func item(of answer: Answer) -> Int { Int(data.source.indices[answer.place]) }

  /// What an image that was answered is called: the path of a picture, or its place in its file.
  package func name(of answer: Answer) -> String { paths.map { $0[item(of: answer)] } ?? String(item(of: answer)) }

  /// The picture of an answer; nil where images are items of a file.
  package func path(of answer: Answer) -> String? { paths?[item(of: answer)] }
}
