internal import BLAS

/// Trains a network: draws batches, runs steps on a team of workers, reports.
///
/// The same network, configuration and samples give the same bits on any number of workers. After the first step no
/// step allocates memory.
public final class Trainer {
  /// The network that is trained.
  public let network: Network
  /// What decides the result.
  public let configuration: TrainingConfiguration
  private let provider: any SampleProvider
  private let team: WorkerTeam
  private let schedule: LearningRateSchedule
  private let job: TrainingStep
  private let order: Storage<Int32>
  /// Steps done.
  public private(set) var step = 0

  /// A trainer of `network` on the samples of `provider`, whose shape must be the model's input.
  public init(
    network: Network, configuration: TrainingConfiguration, provider: any SampleProvider, team: WorkerTeam
  ) {
    require(provider.count > 0, "Trainer: there are no samples")
    require(
      provider.shape == network.model.inputShape,
      "Trainer: samples are \(provider.shape), the model takes \(network.model.inputShape)")
    require(
      configuration.batchSize > 0 && (1...64).contains(configuration.shards),
      "Trainer: batchSize must be positive and shards 1 to 64, found \(configuration.batchSize) and \(configuration.shards)"
    )
    self.network = network
    self.configuration = configuration
    self.provider = provider
    self.team = team
    schedule = configuration.makeSchedule(count: provider.count)
    let shards = configuration.shards
    let execution = Execution(
      network.graph, parameters: network.parameters, states: network.states, isTraining: true,
      batchSize: configuration.batchSize, shards: shards, workers: team.count)
    let update = UpdatePlan(
      network, optimizer: configuration.makeOptimizer(), clipNorm: configuration.clipNorm, shards: shards)
    job = TrainingStep(
      execution: execution, provider: provider,
      loss: SoftmaxCrossEntropy(labelSmoothing: Float(configuration.labelSmoothing)), seed: configuration.seed,
      update: update)
    order = Storage(count: provider.count)
  }

  /// Trains to the end of the configuration, or until `report` answers `.stop`.
  public func run(report: (TrainingEvent) -> TrainingControl) {
    let total = configuration.totalSteps(count: provider.count)
    var epoch = 0
    while step < total {
      epoch += 1
      guard runEpoch(epoch, until: total, report: report) == .proceed else { return }
    }
  }

  /// The gradient of the last step's loss in `tensor`, summed over the shards and not clipped, in the order of files.
  package func gradient(of tensor: NetworkTensor) -> [Float] {
    require(tensor.specification.role != nil, "Trainer: \(tensor.name) is a state and has no gradient")
    let gradient = job.gradient
    let values = gradient.read(tensor.range)
    return tensor.specification.order.indicesInFileOrder.map { values[$0] }
  }

  /// Sums over the steps of an epoch.
  private struct Progress {
    var images = 0
    var correct = 0
    var loss = 0.0
    var learningRate = 0.0
    var duration = Duration.zero
  }

  private func runEpoch(
    _ epoch: Int, until total: Int, report: (TrainingEvent) -> TrainingControl
  ) -> TrainingControl {
    let order = order
    var samples = order.allMutable
    provider.order(epoch: epoch, into: &samples)
    var progress = Progress()
    var control = TrainingControl.proceed
    let clock = ContinuousClock()
    for first in stride(from: 0, to: provider.count, by: configuration.batchSize) {
      let batch = first..<min(first + configuration.batchSize, provider.count)
      let start = clock.now
      let result = runStep(batch, epoch: epoch)
      progress.duration += clock.now - start
      progress.images += result.images
      progress.correct += result.correct
      progress.loss += result.loss * Double(result.images)
      progress.learningRate = result.learningRate
      control = report(.step(result))
      if control == .stop || step == total { break }
    }
    let epochReport = EpochReport(
      epoch: epoch, step: step, images: progress.images, loss: progress.loss / Double(progress.images),
      accuracy: Double(progress.correct) / Double(progress.images), learningRate: progress.learningRate,
      seconds: progress.duration / .seconds(1), isComplete: progress.images == provider.count)
    let answer = report(.epoch(epochReport))
    return control == .stop ? .stop : answer
  }

  /// One step on the samples at `batch` of the epoch's order.
  private func runStep(_ batch: Range<Int>, epoch: Int) -> StepReport {
    for (index, position) in batch.enumerated() { job.execution.samples[index] = order[position] }
    let learningRate = schedule.rate(step: step)
    step += 1
    job.prepare(images: batch.count, epoch: epoch, step: step, learningRate: Float(learningRate))
    team.run(job)
    let total = job.total
    return StepReport(
      step: step, epoch: epoch, images: batch.count, loss: total.loss / Double(batch.count), correct: total.correct,
      learningRate: learningRate, gradientNorm: job.gradientNorm)
  }
}
