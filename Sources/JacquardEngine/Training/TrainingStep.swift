internal import Samples

/// One training step as a team computes it: forward, loss and backward of every shard, then the sum over shards and the update.
///
/// The job is made once and run for every step; values that change from step to step are set before the team starts.
final class TrainingStep: TeamJob, @unchecked Sendable {
  let execution: Execution
  private let computation: BatchComputation
  private let provider: any SampleProvider
  private let seed: UInt64
  /// The stages, cut where shards must meet.
  private let segments: [[BatchComputation.Stage]]
  private let update: UpdatePlan
  /// For each tensor, whether the operators sum its gradient over the shards and store it in the first shard's place.
  private let isSummed: [Bool]

  // Set by `prepare` before each run.
  private var step = 0
  private var epoch = 0
  /// The epochs of the steps before this one.
  private var epochs = 0.0
  private var learningRate: Float = 0
  /// The share of the step's weights in the average; nil if they do not belong to it.
  private var averageShare: Float?

  /// - Parameter errors: Where each sample's error goes; nil if every epoch has all samples.
  init(
    execution: Execution, body: FrozenBody?, provider: any SampleProvider, loss: any Loss, teachers: Teachers?,
    seed: UInt64, update: UpdatePlan, errors: Storage<Float>?
  ) {
    self.execution = execution
    self.provider = provider
    self.seed = seed
    self.update = update
    computation = BatchComputation(
      execution, body: body, gradients: update.shardGradients, loss: loss, teachers: teachers,
      isMixed: provider.isMixed, errors: errors)
    let summed = Set(execution.summedParameters)
    isSummed = update.tensors.map { summed.contains($0.range) }
    var segments: [[BatchComputation.Stage]] = [[]]
    for stage in computation.forwardStages + [.loss] + computation.backwardStages {
      if stage.beginsWithMeeting { segments.append([]) }
      segments[segments.count - 1].append(stage)
    }
    self.segments = segments
  }

  /// Sets up the next run; the samples must already be in the execution.
  func prepare(
    images: Int, epoch: Int, step: Int, epochs: Double, learningRate: Float, averageShare: Float?
  ) {
    computation.begin(images: images, seed: seed, epoch: epoch, movesStates: true)
    self.step = step
    self.epoch = epoch
    self.epochs = epochs
    self.learningRate = learningRate
    self.averageShare = averageShare
  }

  /// Call this after each run.
  func finish() { computation.end() }

  /// The batch's totals of the last run.
  var total: BatchComputation.Total { computation.total }

  /// The norm of the last run's gradient, if it was needed.
  var gradientNorm: Double? { update.gradientNorm }

  /// Whether the last run's loss, gradient and states were finite; if not, it changed no parameter and no moment.
  var isFinite: Bool { total.loss.isFinite && update.isGradientFinite && update.areStatesFinite }

  /// Whether the parameters and moments are finite after the last run.
  var isUpdateFinite: Bool { update.isUpdateFinite }

  /// The optimizer's moments, then the slow and averaged weights.
  var moments: Storage<Float> { update.moments }

  /// The moments' names, in their order.
  var momentNames: [String] { update.momentNames }

  /// The slow and averaged weights among the moments.
  var kept: KeptWeights { update.kept }

  /// The last run's gradient, summed over the shards, before clipping.
  var gradient: Storage<Float> { update.gradient }

  func run(worker: Int, crew: Crew) {
    computation.prepare(worker: worker, crew: crew)
    for (index, segment) in segments.enumerated() {
      if index > 0 { crew.meet() }
      for shard in stride(from: worker, to: execution.shards, by: crew.count) {
        if computation.layout.count(shard) > 0 {
          if index == 0 { computation.draw(shard: shard, worker: worker, from: provider) }
          for stage in segment { computation.run(stage, shard: shard, worker: worker) }
        } else if index == 0 {
          update.clearGradient(ofShard: shard, epoch: epoch)
        }
      }
    }
    crew.meet()
    update.run(
      worker: worker, crew: crew, step: step, epoch: epoch, epochs: epochs, isSummed: isSummed,
      learningRate: learningRate, averageShare: averageShare, isLossFinite: total.loss.isFinite)
  }
}
