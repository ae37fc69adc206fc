package import Datasets
internal import Files
package import JacquardEngine
package import Support
package import Terminal

/// A checkpoint's predictions for the images of a split.
package struct Evaluation {
  /// The checkpoint as the user named it.
  package let checkpoint: String
  /// The network.
  package let network: Network
  /// The source of the network's preprocessing.
  package let preprocessingOrigin: PreprocessingSource
  /// The run that made the weights, if they name it.
  package let provenance: JSONValue?
  /// The images.
  package let data: EvaluationData
  /// The part of the data.
  package let split: EvaluationSplit
  /// The views that were evaluated.
  package let views: TestTimeViews
  /// The temperature by which the logits are divided.
  package let temperature: Temperature
  /// The quality of the predictions without a temperature; nil if it is 1.
  package let uncalibratedReport: ClassificationReport?
  /// The checkpoints whose mean probabilities are evaluated; 1 without an ensemble.
  package let memberCount: Int
  /// The predictions, in the order of the images.
  package let predictions: Predictions
  /// The quality of the predictions.
  package let report: ClassificationReport
  /// The quality of the predictions for the images themselves; nil if no other views were evaluated.
  package let plainReport: ClassificationReport?
  /// The number of worker threads.
  package let threads: Int
  /// The duration of each part.
  package let timing: EvaluationTiming
  /// The paths of the images, in order; nil if images are items of a file.
  private let paths: [String]?

  /// The temperature of an evaluation.
  package enum Temperature {
    /// The checkpoint's own.
    case stored(Double)
    /// Fitted on the evaluated images, and stored with the checkpoint.
    case fitted(Double)

    /// The number.
    package var value: Double {
      switch self {
      case .stored(let value), .fitted(let value): value
      }
    }
  }

  /// Reads a checkpoint and the images, and predicts.
  ///
  /// - Parameters:
  ///   - isEnsemble: Whether the checkpoint is a folder of runs, whose mean probabilities are evaluated.
  ///   - fitsTemperature: Whether to fit a temperature on the images, and to store it with the checkpoint.
  ///   - source: Returns the images' source for a checkpoint.
  package init(
    checkpoint: String, split: EvaluationSplit, views: TestTimeViews = .none, isEnsemble: Bool = false,
    fitsTemperature: Bool = false,
    inference: InferenceSettings, console: Console,
    data source: (Checkpoint) throws -> DataSource
  ) throws {
    var timing = EvaluationTiming(now: SystemClock.seconds)
    let members =
      isEnsemble
      ? try EnsembleFolder.checkpoints(
        in: checkpoint, model: inference.model, preprocessing: inference.preprocessing)
      : [try Checkpoint(checkpoint, model: inference.model, preprocessing: inference.preprocessing)]
    let loaded = members[0]
    loaded.reportDoubts(on: console)
    memberCount = members.count
    preprocessingOrigin = loaded.preprocessingOrigin
    try views.check(for: loaded.model)
    if fitsTemperature { try loaded.requireKeepsTemperature() }
    try MemoryCheck.check(loaded.model, inference: inference, memory: Machine().memory)
    network = try loaded.network()
    timing.end(.checkpoint, now: SystemClock.seconds)
    data = try EvaluationData(try source(loaded), checkpoint: loaded, split: split)
    timing.end(.data, now: SystemClock.seconds)
    let predictor = Predictor(network, team: try inference.team(), chunk: inference.imagesPerWorker)
    let stored = network.temperature
    network.temperature = 1
    let empty = Predictions(logits: [], labels: [])
    // This prediction cannot be stopped, so it always has a result.
    var computed = predictor.logits(of: data.source, views: views) ?? ViewedPredictions(plain: empty, mean: empty)
    if isEnsemble {
      computed = try Self.mean(
        members, first: computed.divided(by: stored), source: data.source, views: views, inference: inference)
    }
    try computed.mean.requireFinite(from: checkpoint)
    let classNames = network.model.classNames
    if fitsTemperature {
      guard let fitted = computed.plain.fittedTemperature(classes: classNames.count) else {
        throw Failure(
          .badData,
          "\(checkpoint): no temperature fits these images, because every answer is right, or they are no better than guesses; "
            + "use more images.")
      }
      try loaded.store(temperature: fitted)
      temperature = .fitted(fitted)
    } else {
      // The members of an ensemble have had theirs.
      temperature = .stored(isEnsemble ? 1 : stored)
    }
    network.temperature = temperature.value
    let calibrated = computed.divided(by: temperature.value)
    predictions = calibrated.mean
    timing.end(.prediction, now: SystemClock.seconds)
    report = ClassificationReport(predictions, classNames: classNames)
    plainReport = views == .none ? nil : ClassificationReport(calibrated.plain, classNames: classNames)
    uncalibratedReport =
      temperature.value == 1 ? nil : ClassificationReport(computed.mean, classNames: classNames)
    timing.end(.figures, now: SystemClock.seconds)
    self.timing = timing
    paths = try data.paths()
    self.checkpoint = checkpoint
    self.split = split
    threads = inference.threadCount
    self.views = views
    provenance = loaded.provenance
  }

  /// The answers of an ensemble whose first member has answered.
  private static func mean(
    _ members: [Checkpoint], first: ViewedPredictions, source: SampleSource, views: TestTimeViews,
    inference: InferenceSettings
  ) throws -> ViewedPredictions {
    var all = [first]
    for member in members.dropFirst() {
      let own = try SampleSource(
        source.set, indices: source.indices, normalization: try member.model.normalization(), seed: 0)
      let predictor = Predictor(try member.network(), team: try inference.team(), chunk: inference.imagesPerWorker)
      guard let answers = predictor.logits(of: own, views: views) else { continue }
      try answers.mean.requireFinite(from: member.path)
      all.append(answers)
    }
    let classes = members[0].model.classNames.count
    let plain = Predictions.mean(all.map(\.plain), classes: classes)
    return ViewedPredictions(
      plain: plain, mean: views == .none ? plain : Predictions.mean(all.map(\.mean), classes: classes))
  }

  /// The fraction of correct predictions.
  package var accuracy: Double { report.accuracy }
  /// The names of the classes.
  package var classNames: [String] { network.model.classNames }
  /// Images per second; each view counts as one image.
  package var imagesPerSecond: Double {
    Double(report.count * views.count) / max(1e-9, timing.seconds(of: .prediction))
  }

  /// Every prediction, in the order of the images.
  package var answers: [Answer] { predictions.answers(classes: classNames.count) }

  /// The index of a prediction's image in its file, or among all pictures of a folder.
  package func item(of answer: Answer) -> Int { Int(data.source.indices[answer.place]) }

  /// The name of a prediction's image: the path of a picture, or its index in its file.
  package func name(of answer: Answer) -> String { paths.map { $0[item(of: answer)] } ?? String(item(of: answer)) }

  /// The picture of a prediction; nil if images are items of a file.
  package func path(of answer: Answer) -> String? { paths?[item(of: answer)] }
}
