internal import Support
public import Samples

/// Computes a network's answers for many samples, in inference mode, without changing the network.
///
/// A predictor keeps its memory and its values derived from the weights from call to call, and derives them again after the network has been trained
/// or loaded. It runs one call at a time; several predictors may share a network.
public final class Predictor {
  /// The network to run.
  public let network: Network
  private let team: WorkerTeam
  private let chunk: Int
  private var job: PredictionJob?

  /// A predictor that computes at most `chunk` images at a time on each worker, and fewer if they are large; the answers depend neither on that number
  /// nor on the size of the team.
  public init(_ network: Network, team: WorkerTeam, chunk: Int = 32) {
    require(chunk > 0, "Predictor: chunk must be positive, found \(chunk)")
    self.network = network
    self.team = team
    self.chunk = network.graph.imagesAtOnce(most: chunk)
  }

  /// The logits `[count][classes]`, divided by the network's temperature, and the labels of all samples of `provider`, in the order of their numbers;
  /// epoch 0.
  ///
  /// `shouldStop` is called before each chunk; once it returns true, the result is nil.
  public func logits(
    of provider: any SampleProvider, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) -> Predictions? {
    computedLogits(of: provider, shouldStop: shouldStop)?.divided(by: network.temperature)
  }

  /// The logits as the network computes them, and the labels.
  func computedLogits(of provider: any SampleProvider, shouldStop: @escaping @Sendable () -> Bool) -> Predictions? {
    require(
      provider.shape == network.graph.input.shape,
      "Predictor: the model takes \(network.graph.input.shape), the samples are \(provider.shape)")
    let chunks = Self.chunks(count: provider.count, most: chunk)
    let job = job(chunk: chunks.count(0))
    job.start(PredictionJob.Task(provider: provider, chunks: chunks, shouldStop: shouldStop))
    team.run(job)
    return job.finish()
  }

  /// Chunks of at most `most` samples. Their number is a multiple of four, which teams of two and four share evenly, and their lengths differ by at
  /// most one sample. They depend on the number of samples alone, so the size of the team never affects the result.
  static func chunks(count: Int, most: Int) -> ShardLayout {
    ShardLayout(images: count, shards: max(4, ((count + most - 1) / most + 3) / 4 * 4))
  }

  /// The job of the last call, unless its memory is too small.
  private func job(chunk: Int) -> PredictionJob {
    if let job, job.capacity >= chunk, job.isCurrent { return job }
    let job = PredictionJob(network, capacity: max(1, chunk), workers: team.count)
    self.job = job
    return job
  }
}

/// A network's answers.
public struct Predictions: Sendable {
  /// `[count][classes]`
  public let logits: [Float]
  /// The true class of each sample.
  public let labels: [Int32]

  /// Answers `[count][classes]` for samples of known classes.
  public init(logits: [Float], labels: [Int32]) {
    self.logits = logits
    self.labels = labels
  }
}
