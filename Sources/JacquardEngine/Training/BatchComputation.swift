/// Forward, loss and backward of one batch, one stage and shard at a time. No other type knows how to compute a batch.
///
/// A trainer's team runs the stages, cut where shards must meet. A diagnosis runs them one by one and checks the results of each. A probe runs those
/// of a few layers.
final class BatchComputation: @unchecked Sendable {
  /// A part of the computation. A shard may go through the stages ahead of the others, but not past a meeting.
  enum Stage: Sendable {
    /// One phase of an operator on the way forward.
    case forward(node: Int, phase: Int)
    /// The loss, and the gradient of the logits.
    case loss
    /// One phase of an operator on the way back.
    case backward(node: Int, phase: Int)

    /// Whether all shards must arrive before any goes on: true before every phase except an operator's first.
    var beginsWithMeeting: Bool {
      switch self {
      case .forward(_, let phase), .backward(_, let phase): phase > 0
      case .loss: false
      }
    }
  }

  /// The totals of the images of a shard or batch.
  struct Total: BitwiseCopyable, Sendable {
    /// Σ loss
    var loss = 0.0
    /// Right answers.
    var correct = 0
  }

  let execution: Execution
  /// Turns drawn inputs into the features that the operators take; nil if they take the inputs.
  private let body: FrozenBody?
  /// One gradient of all parameters per shard, one after the other.
  let gradients: Storage<Float>
  /// The operators in order.
  let forwardStages: [Stage]
  /// The operators in reverse, without those that compute nothing on the backward pass.
  let backwardStages: [Stage]
  private let loss: any Loss
  /// The networks that the training imitates; nil for none.
  private let teachers: Teachers?
  /// The second classes of mixed samples; nil if samples have one class.
  private let mixed: MixedClasses?
  private let totals: Storage<Total>
  /// The error of each of the provider's samples; nil if every epoch has all samples.
  private let errors: Storage<Float>?

  // Set by `begin` before a batch, and read while its shards are computed.
  /// How the batch is cut into shards.
  private(set) var layout = ShardLayout(images: 0, shards: 1)
  private var seed: UInt64 = 0
  private var epoch = 0
  private var movesStates = false
  private var statisticsShare: Double?

  /// A computation in the memory of `execution`; `gradients` is empty if it only runs forward.
  init(
    _ execution: Execution, body: FrozenBody? = nil, gradients: Storage<Float>,
    loss: any Loss = SoftmaxCrossEntropy(), teachers: Teachers? = nil, isMixed: Bool = false,
    errors: Storage<Float>? = nil
  ) {
    self.execution = execution
    self.body = body
    self.gradients = gradients
    self.loss = loss
    self.teachers = teachers
    self.errors = errors
    mixed = isMixed ? MixedClasses(execution) : nil
    totals = Storage(count: execution.shards)
    func phases(_ node: BoundNode) -> Range<Int> {
      0..<(execution.isTraining ? node.node.computation.trainingPhases : 1)
    }
    let nodes = execution.nodes.enumerated()
    forwardStages = nodes.flatMap { index, node in phases(node).map { .forward(node: index, phase: $0) } }
    backwardStages = nodes.reversed().filter { $1.hasBackward }.flatMap { index, node in
      phases(node).map { .backward(node: index, phase: $0) }
    }
  }

  /// Sets up the next batch, with this many images, whose numbers must already be in the execution; running statistics are updated only if `movesStates` is true.
  ///
  /// - Parameter statisticsShare: How much the batch counts in running statistics; nil for what each norm says.
  func begin(images: Int, seed: UInt64, epoch: Int, movesStates: Bool, statisticsShare: Double? = nil) {
    layout = ShardLayout(images: images, shards: execution.shards)
    self.seed = seed
    self.epoch = epoch
    self.movesStates = movesStates
    self.statisticsShare = statisticsShare
    let samples = execution.samples
    body?.begin(samples.read(0..<images))
    teachers?.begin(samples.read(0..<images))
  }

  /// Derives what all operators need from the weights; each worker does its part, and all meet.
  func prepare(worker: Int, crew: Crew) {
    execution.prepare(worker: worker, workers: crew.count)
    body?.prepare(worker: worker, workers: crew.count)
    teachers?.prepare(worker: worker, workers: crew.count)
    crew.meet()
  }

  /// Call this after a batch.
  func end() {
    body?.notePrepared()
    teachers?.notePrepared()
  }

  /// Calls `provider` to write a shard's inputs and labels, and asks the teachers.
  func draw(shard: Int, worker: Int, from provider: any SampleProvider) {
    let memory = execution.memory(shard: shard, worker: worker)
    var inputs = memory.floats.write(execution.input.range(images: layout.count(shard)))
    var labels = memory.labels.write(layout.range(shard))
    let samples = memory.samples.read(layout.range(shard))
    if let body {
      body.draw(
        samples, first: layout.first(shard), epoch: epoch, worker: worker, from: provider, into: &inputs,
        labels: &labels)
    } else {
      provider.draw(samples, epoch: epoch, into: &inputs, labels: &labels)
    }
    mixed?.draw(samples, epoch: epoch, from: provider, into: layout.range(shard))
    teachers?.predict(samples, images: layout.range(shard), epoch: epoch, worker: worker)
  }

  /// Runs a stage for a shard that has images.
  func run(_ stage: Stage, shard: Int, worker: Int) {
    let memory = execution.memory(shard: shard, worker: worker)
    switch stage {
    case .forward(let node, let phase):
      execution.forward(pass(node, phase, shard: shard, memory, movesStates: movesStates))
    case .loss:
      computeLoss(shard: shard, memory)
    case .backward(let node, let phase):
      let forward = pass(node, phase, shard: shard, memory, movesStates: false)
      forward.bound.node.computation.backward(
        BackwardPass(forward: forward, gradients: gradients, parameterCount: gradients.count / execution.shards))
    }
  }

  /// The totals of a shard, after its loss.
  func total(ofShard shard: Int) -> Total { totals[shard] }

  /// The totals of the batch, summed in shard order.
  var total: Total {
    var total = Total()
    for shard in 0..<execution.shards where layout.count(shard) > 0 {
      total.loss += totals[shard].loss
      total.correct += totals[shard].correct
    }
    return total
  }

  private func pass(
    _ node: Int, _ phase: Int, shard: Int, _ memory: PassMemory, movesStates: Bool
  ) -> ForwardPass {
    ForwardPass(
      bound: execution.nodes[node], memory: memory, layout: layout, isTraining: execution.isTraining,
      movesStates: movesStates, statisticsShare: statisticsShare, seed: seed, epoch: epoch, shard: shard, phase: phase)
  }

  private func computeLoss(shard: Int, _ memory: PassMemory) {
    let images = layout.count(shard)
    var gradient = memory.floats.write(execution.logitGradients.range(images: images))
    let logits = memory.floats.read(execution.logits.range(images: images))
    let labels = memory.labels.read(layout.range(shard))
    let classes = execution.logits.perImage
    let scale = 1 / Float(layout.images)
    var sum =
      mixed?.sumAndGradient(
        of: loss, logits: logits, labels: labels, images: layout.range(shard), shard: shard, scale: scale,
        gradient: &gradient)
      ?? loss.sumAndGradient(
        logits: logits, labels: labels, classes: classes, scale: scale, gradient: &gradient)
    if let teachers {
      sum = teachers.mix(sum, logits: logits, images: layout.range(shard), scale: scale, gradient: &gradient)
    }
    totals[shard] = Total(
      loss: sum,
      correct: RightAnswers.count(logits: logits, labels: labels, classes: classes))
    if let errors {
      let samples = memory.samples.read(layout.range(shard))
      for image in samples.indices {
        let row = memory.floats.read(execution.logitGradients.range(images: images)).extracting(
          image * classes..<(image + 1) * classes)
        let error = Float(Kernels.sumOfSquares(row).squareRoot()) / scale
        errors[Int(samples[image])] = error.isFinite ? error : .infinity
      }
    }
  }
}
