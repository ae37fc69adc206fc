/// One training step as the team computes it: forward, loss and backward of every shard, then the sum over shards and
/// the update.
///
/// A job that is made once and run for every step; what changes from step to step is set before the team starts.
final class TrainingStep: TeamJob, @unchecked Sendable {
  /// A part of a step between two meetings.
  private struct Stage {
    enum Work { case forward, loss, backward }
    let work: Work
    let node: Int
    let phase: Int
  }

  let execution: Execution
  private let provider: any SampleProvider
  private let loss: any Loss
  private let seed: UInt64
  private let segments: [[Stage]]
  private let gradients: Storage<Float>
  private let update: UpdatePlan
  private let totals: Storage<ShardTotal>

  // Set by `prepare` before each run.
  private var layout = ShardLayout(images: 0, shards: 1)
  private var epoch = 0
  private var step = 0
  private var learningRate: Float = 0

  /// What the images of a shard, or of a batch, came to.
  struct ShardTotal: BitwiseCopyable, Sendable {
    /// Σ loss
    var loss = 0.0
    /// Right answers.
    var correct = 0
  }

  init(
    execution: Execution, provider: any SampleProvider, loss: any Loss, seed: UInt64, update: UpdatePlan
  ) {
    self.execution = execution
    self.provider = provider
    self.loss = loss
    self.seed = seed
    self.update = update
    gradients = update.shardGradients
    totals = Storage(count: execution.shards)
    segments = Self.segments(execution.nodes)
  }

  /// Cuts the step where shards must meet: before every phase but an operator's first.
  private static func segments(_ nodes: [BoundNode]) -> [[Stage]] {
    var segments: [[Stage]] = [[]]
    func add(_ work: Stage.Work, _ node: Int, phases: Int) {
      for phase in 0..<phases {
        if phase > 0 { segments.append([]) }
        segments[segments.count - 1].append(Stage(work: work, node: node, phase: phase))
      }
    }
    for (index, node) in nodes.enumerated() {
      add(.forward, index, phases: node.node.computation.trainingPhases)
    }
    add(.loss, 0, phases: 1)
    for (index, node) in nodes.enumerated().reversed() where node.hasBackward {
      add(.backward, index, phases: node.node.computation.trainingPhases)
    }
    return segments
  }

  /// Sets what the next run computes: the samples must already be in the execution.
  func prepare(images: Int, epoch: Int, step: Int, learningRate: Float) {
    layout = ShardLayout(images: images, shards: execution.shards)
    self.epoch = epoch
    self.step = step
    self.learningRate = learningRate
  }

  /// The batch's totals of the last run, summed in shard order.
  var total: ShardTotal {
    var total = ShardTotal()
    for shard in 0..<execution.shards where layout.count(shard) > 0 {
      total.loss += totals[shard].loss
      total.correct += totals[shard].correct
    }
    return total
  }

  /// The norm of the last run's gradient, where it was needed.
  var gradientNorm: Double? { update.gradientNorm }

  /// Whether the last run's loss, gradient and states were finite; if not, it has changed no parameter and no moment.
  var isFinite: Bool { total.loss.isFinite && update.isGradientFinite && update.areStatesFinite }

  /// Whether what the last run has made of parameters and moments is finite.
  var isUpdateFinite: Bool { update.isUpdateFinite }

  /// The optimizer's moments.
  var moments: Storage<Float> { update.moments }

  /// The moments' names, in their order.
  var momentNames: [String] { update.momentNames }

  /// The last run's gradient, summed over the shards, before clipping.
  var gradient: Storage<Float> { update.gradient }

  func run(worker: Int, crew: Crew) {
    execution.prepare(worker: worker, workers: crew.count)
    crew.meet()
    for (index, segment) in segments.enumerated() {
      if index > 0 { crew.meet() }
      for shard in stride(from: worker, to: execution.shards, by: crew.count) {
        if layout.count(shard) > 0 {
          run(segment, isFirst: index == 0, shard: shard, worker: worker)
        } else if index == 0 {
          let gradients = gradients
          var gradient = gradients.write(shard * update.count..<(shard + 1) * update.count)
          Kernels.fill(&gradient, with: 0)
        }
      }
    }
    crew.meet()
    update.run(
      worker: worker, crew: crew, step: step, learningRate: learningRate, isLossFinite: total.loss.isFinite)
  }

  private func run(_ segment: [Stage], isFirst: Bool, shard: Int, worker: Int) {
    let images = layout.count(shard)
    let memory = execution.memory(shard: shard, worker: worker)
    if isFirst {
      var inputs = memory.floats.write(execution.input.range(images: images))
      var labels = memory.labels.write(layout.range(shard))
      provider.draw(memory.samples.read(layout.range(shard)), epoch: epoch, into: &inputs, labels: &labels)
    }
    for stage in segment {
      switch stage.work {
      case .forward:
        execution.forward(pass(stage, shard: shard, memory: memory, isForward: true))
      case .loss:
        computeLoss(shard: shard, memory: memory)
      case .backward:
        let forward = pass(stage, shard: shard, memory: memory, isForward: false)
        forward.bound.node.computation.backward(
          BackwardPass(forward: forward, gradients: gradients, parameterCount: update.count))
      }
    }
  }

  private func pass(_ stage: Stage, shard: Int, memory: PassMemory, isForward: Bool) -> ForwardPass {
    ForwardPass(
      bound: execution.nodes[stage.node], memory: memory, layout: layout, isTraining: true, movesStates: isForward,
      seed: seed, epoch: epoch, shard: shard, phase: stage.phase)
  }

  private func computeLoss(shard: Int, memory: PassMemory) {
    let images = layout.count(shard)
    var gradient = memory.floats.write(execution.logitGradients.range(images: images))
    let logits = memory.floats.read(execution.logits.range(images: images))
    let labels = memory.labels.read(layout.range(shard))
    let classes = execution.logits.perImage
    totals[shard] = ShardTotal(
      loss: loss.sumAndGradient(
        logits: logits, labels: labels, classes: classes, scale: 1 / Float(layout.images), gradient: &gradient),
      correct: RightAnswers.count(logits: logits, labels: labels, classes: classes))
  }
}
