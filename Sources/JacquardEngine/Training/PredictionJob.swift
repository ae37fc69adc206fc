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
  /// Computes in floating point; nil if the network is quantized.
  private let execution: Execution?
  /// Computes with bytes; nil if the network is not quantized.
  private var bytes: QuantizedExecution?
  private let workers: Int
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
    self.workers = workers
    // One shard per worker; each worker processes its own chunks.
    execution =
      network.quantization != nil
      ? nil
      : Execution(
        network.graph, parameters: network.parameters, states: network.states, isTraining: false,
        batchSize: capacity * workers, shards: workers, workers: workers)
  }

  /// Whether it computes as the network does now: in floating point, or with bytes.
  var isCurrent: Bool { (execution == nil) == (network.quantization != nil) }

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
    if mustPrepare, let quantization = network.quantization {
      bytes = QuantizedExecution(network, quantization, capacity: capacity, workers: workers)
    }
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
      execution?.prepare(worker: worker, workers: crew.count)
      bytes?.prepare(worker: worker, workers: crew.count)
      crew.meet()
    }
    for chunk in stride(from: worker, to: task.chunks.shards, by: crew.count) where task.chunks.count(chunk) > 0 {
      if task.shouldStop() { hasStopped.store(true, ordering: .relaxed) }
      if hasStopped.load(ordering: .relaxed) { return }
      predict(task.chunks.range(chunk), of: task.provider, worker: worker)
    }
  }

  private func predict(_ samples: Range<Int>, of provider: any SampleProvider, worker: Int) {
    guard let numbers = execution?.samples ?? bytes?.samples else { return }
    let (allLogits, allLabels) = (logits, labels)
    let base = worker * capacity
    for (index, sample) in samples.enumerated() { numbers[base + index] = Int32(sample) }
    let drawn = numbers.read(base..<base + samples.count)
    var labels = allLabels.write(samples)
    let classes = network.graph.output.shape.count
    var target = allLogits.write(samples.lowerBound * classes..<samples.upperBound * classes)
    if let execution {
      let memory = execution.memory(shard: worker, worker: worker)
      var inputs = memory.floats.write(execution.input.range(images: samples.count))
      provider.draw(drawn, epoch: 0, into: &inputs, labels: &labels)
      execution.infer(images: samples.count, memory)
      Kernels.copy(memory.floats.read(execution.logits.range(images: samples.count)), to: &target)
    } else if let bytes {
      let memory = bytes.memory(worker: worker)
      var inputs = memory.inputs.write(0..<samples.count * network.graph.input.shape.count)
      provider.draw(drawn, epoch: 0, into: &inputs, labels: &labels)
      bytes.infer(images: samples.count, memory)
      Kernels.copy(memory.logits.read(0..<samples.count * classes), to: &target)
    }
  }
}
