/// What a team does for a predictor: each worker computes every n-th chunk of the samples.
///
/// The caller sets the task before the team runs and takes the answers after it.
final class PredictionJob: TeamJob, @unchecked Sendable {
  /// What one call asks for.
  struct Task {
    let provider: any SampleProvider
    let chunk: Int
    let shouldStop: @Sendable () -> Bool
  }

  /// Images that each worker has memory for.
  let capacity: Int
  private let network: Network
  private let execution: Execution
  private var task: Task?
  private var logits = Storage<Float>(count: 0)
  private var labels = Storage<Int32>(count: 0)
  /// The revision of the network that the prepared values follow from; nil before the first call.
  private var preparedRevision: Int?
  private var mustPrepare = true

  init(_ network: Network, capacity: Int, workers: Int) {
    self.network = network
    self.capacity = capacity
    // One shard per worker: each works through chunks of its own.
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
  }

  /// The answers, unless the job was stopped.
  func finish() -> Predictions? {
    let wasStopped = task?.shouldStop() ?? true
    task = nil
    return wasStopped ? nil : Predictions(logits: logits.copy(), labels: labels.copy())
  }

  func run(worker: Int, crew: Crew) {
    guard let task else { return }
    if mustPrepare {
      execution.prepare(worker: worker, workers: crew.count)
      crew.meet()
    }
    let count = task.provider.count
    for first in stride(from: worker * task.chunk, to: count, by: task.chunk * crew.count) {
      if task.shouldStop() { return }
      predict(first..<min(first + task.chunk, count), of: task.provider, worker: worker)
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
