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
  ///   - fitsTemperature: Whether to fit a temperature on the images, and to store it with the checkpoint.
  ///   - source: Returns the images' source for a checkpoint.
  package init(
    checkpoint: String, split: EvaluationSplit, views: TestTimeViews = .none, fitsTemperature: Bool = false,
    inference: InferenceSettings, console: Console,
    data source: (Checkpoint) throws -> DataSource
  ) throws {
    var timing = EvaluationTiming(now: SystemClock.seconds)
    let loaded = try Checkpoint(checkpoint, model: inference.model, preprocessing: inference.preprocessing)
    loaded.reportDoubts(on: console)
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
    let computed = predictor.logits(of: data.source, views: views) ?? ViewedPredictions(plain: empty, mean: empty)
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
      temperature = .stored(stored)
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
