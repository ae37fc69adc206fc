internal import Datasets
internal import Files
package import JacquardEngine
package import Runs
internal import Support
package import Terminal

/// Evaluates the items of a batch one after another, and reads the data once.
package final class BatchEvaluator {
  /// The predictions for an item's images.
  package struct Answers {
    package let predictions: Predictions
    package let network: Network
    /// The indices of the images in the set.
    package let indices: [Int32]

    /// The probabilities `[count][classes]`.
    package var probabilities: [Float] {
      let classes = network.model.classNames.count
      var result: [Float] = []
      result.reserveCapacity(predictions.logits.count)
      var probabilities = [Float](repeating: 0, count: classes)
      let logits = predictions.logits.span
      for image in predictions.labels.indices {
        var target = probabilities.mutableSpan
        SoftmaxCrossEntropy.softmax(logits.extracting(image * classes..<(image + 1) * classes), into: &target)
        result += probabilities
      }
      return result
    }
  }

  private let views: TestTimeViews
  private let inference: InferenceSettings
  private let console: Console
  private let data = LoadedData()
  private let identities: BatchIdentities
  private let team: WorkerTeam
  private let machine = Machine()
  /// The last checkpoint: its other data sets and splits follow next.
  private var last: (path: String, sha256: String, checkpoint: Checkpoint, predictor: Predictor)?

  /// An evaluator that runs checkpoints with the given settings.
  package init(identities: BatchIdentities, inference: InferenceSettings, console: Console) throws {
    self.identities = identities
    views = identities.views
    self.inference = inference
    self.console = console
    team = try inference.team()
  }

  /// Evaluates an item.
  ///
  /// - Parameter predictions: Where to write the probabilities; nil for nowhere.
  /// - Returns: The row, and the predictions if there are any; nil after a request to stop.
  /// - Throws: a `Failure` if the probabilities cannot be written; any other failure is in the row.
  package func evaluate(
    _ item: BatchItem, predictions folder: PredictionsFolder?
  ) throws -> (row: BatchRow, answers: Answers?)? {
    let identity: BatchRow.Identity
    let answers: Answers
    let start: Double
    do {
      let loaded = try checkpoint(item.checkpoint)
      let origin = try DataSource.named(item.data, .pictures(of: loaded.checkpoint)).fitted(
        to: loaded.checkpoint)
      let part = item.split.part(in: origin, for: loaded.checkpoint)
      let (set, sha256) = try data.set(part, of: origin, classNames: loaded.checkpoint.model.classNames)
      identity = identities.identity(of: item, weights: loaded.sha256, data: sha256)
      let source = try EvaluationData(set, of: origin, checkpoint: loaded.checkpoint, split: item.split).source
      start = SystemClock.seconds
      try views.check(for: loaded.checkpoint.model)
      let viewed = loaded.predictor.logits(of: source, views: views) { StopSignal.request != nil }
      guard let found = viewed?.mean else { return nil }
      try found.requireFinite(from: item.checkpoint)
      answers = Answers(predictions: found, network: loaded.predictor.network, indices: source.indices)
    } catch {
      // Everything known about unreadable files, so that resuming recognizes the row.
      return (BatchRow(identities.identity(of: item), failure: Failure(error), wording: console.wording), nil)
    }
    let seconds = SystemClock.seconds - start
    let model = answers.network.model
    let file = try folder?.write(answers.probabilities, classes: model.classNames.count, of: identity)
    let row = BatchRow(
      identity, model: model.name, parameters: answers.network.parameterCount,
      report: ClassificationReport(answers.predictions, classNames: model.classNames), seconds: seconds,
      views: views.count, predictions: file)
    return (row, answers)
  }

  private func checkpoint(
    _ path: String
  ) throws -> (sha256: String, checkpoint: Checkpoint, predictor: Predictor) {
    if let last, last.path == path { return (last.sha256, last.checkpoint, last.predictor) }
    last = nil
    let weights = try CheckpointPath.weights(of: path)
    let stamp = FileStamp(path: weights)
    let checkpoint = try Checkpoint(path, model: inference.model, preprocessing: inference.preprocessing)
    checkpoint.reportDoubts(on: console)
    try MemoryCheck.check(checkpoint.model, inference: inference, memory: machine.memory)
    let network = try checkpoint.network()
    let sha256 = try SHA256.hexadecimal(ofFileAt: weights)
    guard FileStamp(path: weights) == stamp else {
      throw Failure(
        .inputOutput,
        "\(weights): the file changed while it was being read; evaluate it when no program is writing to it.")
    }
    let predictor = Predictor(network, team: team, chunk: inference.imagesPerWorker)
    last = (path, sha256, checkpoint, predictor)
    return (sha256, checkpoint, predictor)
  }
}
