internal import Support
internal import Datasets
internal import JacquardEngine

/// A checkpoint's answers to the images of a split.
struct Evaluation {
  /// The checkpoint as the user named it.
  let checkpoint: String
  /// The network that answered.
  let network: Network
  /// Where the network's preprocessing comes from.
  let preprocessingOrigin: PreprocessingSource
  /// The run that made the weights, where they say so.
  let provenance: JSONValue?
  /// The images.
  let data: EvaluationData
  /// Which images these are.
  let split: EvaluationSplit
  /// Which views of them were looked at.
  let views: TestTimeViews
  /// The answers, in the order of the images.
  let predictions: Predictions
  /// How good they are.
  let report: ClassificationReport
  /// The worker threads that computed them.
  let threads: Int
  /// What took how long.
  let timing: EvaluationTiming
  /// The files of the images, in their order; nil where images are items of a file.
  private let paths: [String]?

  /// Reads a checkpoint and the images, and lets the one answer to the other.
  ///
  /// - Parameter source: Says where the images are, once the checkpoint is known.
  init(
    checkpoint: String, split: EvaluationSplit, views: TestTimeViews = .none, inference: InferenceOptions,
    data source: (Checkpoint) throws -> DataSource
  ) throws {
    var timing = EvaluationTiming(now: SystemClock.seconds)
    let loaded = try Checkpoint(checkpoint, model: inference.model, preprocessing: inference.preprocessing)
    loaded.warnOfAssumedPreprocessing()
    preprocessingOrigin = loaded.preprocessingOrigin
    try MemoryCheck.check(loaded.model, inference: inference, memory: Machine().memory)
    network = try loaded.network()
    timing.end(.checkpoint, now: SystemClock.seconds)
    data = try EvaluationData(try source(loaded), checkpoint: loaded, split: split)
    timing.end(.data, now: SystemClock.seconds)
    // Nothing stops this prediction, so there always is one.
    predictions = try views.predictions(network, data.source, options: inference) ?? Predictions(logits: [], labels: [])
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
  var accuracy: Double { report.accuracy }
  /// The names of the classes.
  var classNames: [String] { network.model.classNames }
  /// Images answered per second; each view of one counts as one.
  var imagesPerSecond: Double {
    Double(report.count * views.changes.count) / max(1e-9, timing.seconds(of: .prediction))
  }

  /// Every answer, in the order of the images.
  var answers: [Answer] { predictions.answers(classes: classNames.count) }

  /// The place in its file of an image that was answered; in a folder of pictures, among all of them.
  func item(of answer: Answer) -> Int { Int(data.source.indices[answer.place]) }

  /// What an image that was answered is called: the path of a picture, or its place in its file.
  func name(of answer: Answer) -> String { paths.map { $0[item(of: answer)] } ?? String(item(of: answer)) }

  /// The picture of an answer; nil where images are items of a file.
  func path(of answer: Answer) -> String? { paths?[item(of: answer)] }
}
