package import Datasets
internal import Interchange
package import JacquardEngine
internal import Support
package import Terminal

/// A checkpoint as a network of bytes, and how both answer the images of a split.
package struct QuantizedCheckpoint {
  /// The checkpoint as it was read.
  package let checkpoint: Checkpoint
  /// The quantized network.
  package let network: Network
  /// The images that both were evaluated on.
  package let data: EvaluationData
  /// The number of images that the ranges of activations were measured on.
  package let calibrationCount: Int
  /// The share of correct answers before and after.
  package let accuracy: (before: Double, after: Double)
  /// The share of images with the same answer before and after.
  package let agreement: Double
  /// The bytes of the weights files before and after.
  package let byteCounts: (before: Int, after: Int)
  /// The quantized network as a weights file.
  package let file: [UInt8]

  /// Reads a checkpoint, quantizes it and evaluates both networks.
  ///
  /// - Parameters:
  ///   - split: The images to evaluate.
  ///   - calibration: The number of training images that ranges are measured on, or all if there are fewer.
  ///   - percentile: The share of an activation's numbers that its range holds, in percent.
  ///   - source: Returns the data for a checkpoint.
  package init(
    _ path: String, split: EvaluationSplit, calibration: Int, percentile: Double, inference: InferenceSettings,
    console: Console, data source: (Checkpoint) throws -> DataSource
  ) throws {
    checkpoint = try Checkpoint(path, model: inference.model, preprocessing: inference.preprocessing)
    checkpoint.reportDoubts(on: console)
    try MemoryCheck.check(checkpoint.model, inference: inference, memory: Machine().memory)
    let float = try checkpoint.network()
    guard float.quantization == nil else {
      throw Failure(
        .usage, "\(checkpoint.path): the network is quantized already; give the checkpoint that it was made from.")
    }
    let origin = try source(checkpoint)
    let training = try EvaluationData(origin, checkpoint: checkpoint, split: .train)
    data = split == .train ? training : try EvaluationData(origin, checkpoint: checkpoint, split: split)
    let team = try inference.team()
    let samples = try SampleSource(
      training.source.set, indices: Self.spread(training.source.indices, count: calibration),
      normalization: try checkpoint.model.normalization(), seed: 0)
    calibrationCount = samples.count
    do throws(ModelError) {
      network = try float.quantized(on: samples, team: team, percentile: percentile)
    } catch {
      throw Failure(.badData, "\(checkpoint.path): \(error.description).")
    }
    let classes = float.model.classNames.count
    let answers = try (
      Self.answers(of: float, to: data.source, team, inference, path: checkpoint.path).answers(classes: classes),
      Self.answers(of: network, to: data.source, team, inference, path: checkpoint.path).answers(classes: classes)
    )
    let total = Double(max(1, answers.0.count))
    accuracy = (Double(answers.0.count { $0.isRight }) / total, Double(answers.1.count { $0.isRight }) / total)
    agreement = Double(zip(answers.0, answers.1).count { $0.answer == $1.answer }) / total
    let before = try Checkpoint.file(of: float, float.snapshot(), provenance: checkpoint.provenance ?? .null)
    let after = try Checkpoint.file(of: network, network.snapshot(), provenance: checkpoint.provenance ?? .null)
    byteCounts = (before.byteCount, after.byteCount)
    file = after.serialized()
  }

  private static func answers(
    of network: Network, to samples: SampleSource, _ team: WorkerTeam, _ inference: InferenceSettings, path: String
  ) throws -> Predictions {
    // This prediction cannot be stopped, so it always has a result.
    let found =
      Predictor(network, team: team, chunk: inference.imagesPerWorker).logits(of: samples)
      ?? Predictions(logits: [], labels: [])
    try found.requireFinite(from: path)
    return found
  }

  /// Images at equal distances from each other, so that all parts of a set are among them.
  private static func spread(_ indices: [Int32], count: Int) -> [Int32] {
    guard indices.count > count else { return indices }
    return (0..<count).map { indices[$0 * indices.count / count] }
  }
}
