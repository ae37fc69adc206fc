internal import BLAS

/// Computes a network's answers for many samples, in inference mode, without changing the network.
public final class Predictor {
  /// The network that answers.
  public let network: Network
  private let team: WorkerTeam
  private let chunk: Int

  /// A predictor that computes `chunk` images at a time on each worker; the answers do not depend on the team's size.
  public init(_ network: Network, team: WorkerTeam, chunk: Int = 32) {
    require(chunk > 0, "Predictor: chunk must be positive, found \(chunk)")
    self.network = network
    self.team = team
    self.chunk = chunk
  }

  /// The logits `[count][classes]` and labels of all samples of `provider`, in the order of their numbers; epoch 0.
  ///
  /// `shouldStop` is asked before each chunk; once it answers true, the result is nil.
  public func logits(
    of provider: any SampleProvider, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) -> Predictions? {
    require(
      provider.shape == network.model.inputShape,
      "Predictor: samples are \(provider.shape), the model takes \(network.model.inputShape)")
    let job = PredictionJob(network, provider: provider, chunk: chunk, workers: team.count, shouldStop: shouldStop)
    team.run(job)
    return job.predictions
  }
}

/// A network's answers.
public struct Predictions: Sendable {
  /// `[count][classes]`
  public let logits: [Float]
  /// The true class of each sample.
  public let labels: [Int32]

  /// Answers `[count][classes]` to samples of known classes.
  public init(logits: [Float], labels: [Int32]) {
    self.logits = logits
    self.labels = labels
  }
}

private final class PredictionJob: TeamJob {
  private let execution: Execution
  private let provider: any SampleProvider
  private let chunk: Int
  private let logits: Storage<Float>
  private let labels: Storage<Int32>
  private let shouldStop: @Sendable () -> Bool

  init(
    _ network: Network, provider: any SampleProvider, chunk: Int, workers: Int,
    shouldStop: @escaping @Sendable () -> Bool
  ) {
    // One shard per worker: each works through chunks of its own.
    execution = Execution(
      network.graph, parameters: network.parameters, states: network.states, isTraining: false,
      batchSize: chunk * workers, shards: workers, workers: workers)
    self.provider = provider
    self.chunk = chunk
    self.shouldStop = shouldStop
    logits = Storage(count: provider.count * network.graph.output.shape.count)
    labels = Storage(count: provider.count)
  }

  /// The answers, unless the job was stopped.
  var predictions: Predictions? {
    guard !shouldStop() else { return nil }
    return Predictions(logits: logits.copy(), labels: labels.copy())
  }

  func run(worker: Int, team: WorkerTeam) {
    execution.prepare(worker: worker, workers: team.count)
    team.meet()
    for first in stride(from: worker * chunk, to: provider.count, by: chunk * team.count) {
      if shouldStop() { return }
      predict(first..<min(first + chunk, provider.count), worker: worker)
    }
  }

  private func predict(_ samples: Range<Int>, worker: Int) {
    let memory = execution.memory(shard: worker, worker: worker)
    let (allLogits, allLabels) = (logits, labels)
    let base = worker * chunk
    for (index, sample) in samples.enumerated() { execution.samples[base + index] = Int32(sample) }
    var inputs = memory.floats.write(execution.input.range(images: samples.count))
    var labels = allLabels.write(samples)
    provider.draw(
      memory.samples.read(base..<base + samples.count), epoch: 0, into: &inputs, labels: &labels)
    for bound in execution.nodes {
      execution.forward(
        ForwardPass(
          bound: bound, memory: memory, layout: ShardLayout(images: samples.count, shards: 1), isTraining: false,
          movesStates: false, seed: 0, epoch: 0, shard: 0, phase: 0))
    }
    let classes = execution.logits.perImage
    var target = allLogits.write(samples.lowerBound * classes..<samples.upperBound * classes)
    Kernels.copy(memory.floats.read(execution.logits.range(images: samples.count)), to: &target)
  }
}
