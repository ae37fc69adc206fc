internal import Synchronization
internal import Samples

/// The job of a predictor's team: each worker computes every n-th chunk of the samples.
///
/// The caller sets the task before the team runs and reads the answers afterwards.
final class PredictionJob: TeamJob, @unchecked Sendable {
  /// The task of one call.
  struct Task {
    let provider: any SampleProvider
    /// How the samples are cut into chunks.
    let chunks: ShardLayout
    let shouldStop: @Sendable () -> Bool
  }

  /// The number of images that each worker has memory for.
  let capacity: Int
  private let network: Network
  private let execution: Execution
  private var task: Task?
  private var logits = Storage<Float>(count: 0)
  private var labels = Storage<Int32>(count: 0)
  /// The revision of the network that the prepared values come from; nil before the first call.
  private var preparedRevision: Int?
  private var mustPrepare = true
  private let hasStopped = Atomic<Bool>(false)

  init(_ network: Network, capacity: Int, workers: Int) {
    self.network = network
    self.capacity = capacity
    // One shard per worker; each worker processes its own chunks.
    execution = Execution(
      network.graph, parameters: network.parameters, states: network.states, isTraining: false,
      batchSize: capacity * workers, shards: workers, workers: workers)
  }

  func start(_ task: Task) {
    self.task = task
    let count = task.provider.count
    if labels.count != count {
      logits = Storage(count: count * network.graph.output.shape.count)
      labels = Storage(count: count)
    }
    let revision = network.revision
    mustPrepare = preparedRevision != revision
    preparedRevision = revision
    hasStopped.store(false, ordering: .relaxed)
  }

  /// The answers; nil if a worker was asked to stop.
  func finish() -> Predictions? {
    task = nil
    return hasStopped.load(ordering: .relaxed) ? nil : Predictions(logits: logits.copy(), labels: labels.copy())
  }

  func run(worker: Int, crew: Crew) {
    guard let task else { return }
    if mustPrepare {
      execution.prepare(worker: worker, workers: crew.count)
      crew.meet()
    }
    for chunk in stride(from: worker, to: task.chunks.shards, by: crew.count) where task.chunks.count(chunk) > 0 {
      if task.shouldStop() { hasStopped.store(true, ordering: .relaxed) }
      if hasStopped.load(ordering: .relaxed) { return }
      predict(task.chunks.range(chunk), of: task.provider, worker: worker)
    }
  }

  private func predict(_ samples: Range<Int>, of provider: any SampleProvider, worker: Int) {
    let memory = execution.memory(shard: worker, worker: worker)
    let (allLogits, allLabels) = (logits, labels)
    let base = worker * capacity
    for (index, sample) in samples.enumerated() { execution.samples[base + index] = Int32(sample) }
    var inputs = memory.floats.write(execution.input.range(images: samples.count))
    var labels = allLabels.write(samples)
    provider.draw(
      memory.samples.read(base..<base + samples.count), epoch: 0, into: &inputs, labels: &labels)
    execution.infer(images: samples.count, memory)
    let classes = execution.logits.perImage
    var target = allLogits.write(samples.lowerBound * classes..<samples.upperBound * classes)
    Kernels.copy(memory.floats.read(execution.logits.range(images: samples.count)), to: &target)
  }
}
