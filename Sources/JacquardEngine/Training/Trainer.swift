internal import Support
public import Samples

/// Trains a network: draws batches and runs steps on a team of workers, one step per call of `nextStep`.
///
/// ```swift
/// let trainer = Trainer(
///   network, on: samples, optimizer: AdamW(weightDecay: 0.01), schedule: .cosine(peak: 4e-3), epochs: 3, batchSize: 128)
/// while let step = try trainer.nextStep() {
///   if let epoch = step.finishedEpoch { print(epoch.number, epoch.loss) }
/// }
/// ```
///
/// The same network, recipe and samples give the same bits on any number of workers. After the first step no
/// step allocates memory, except the first after a part of the network is no longer frozen.
public final class Trainer {
  /// The network to train.
  public let network: Network
  /// The settings that decide the result.
  public let recipe: TrainingRecipe
  private let provider: any SampleProvider
  let team: WorkerTeam
  private let length: RunLength
  /// The choice of each epoch's samples; nil if every epoch has all.
  private let selection: SampleSelection?
  private let frozen: FrozenTensors
  /// The networks that the training imitates; nil for none.
  private let teachers: Teachers?
  private let update: UpdatePlan
  /// How the steps of the current epoch are computed.
  private(set) var phase: TrainingPhase
  private let order: Storage<Int32>
  /// The epoch that `order` belongs to.
  private var orderedEpoch: Int?
  private let statesBefore: Storage<Float>
  /// The progress of the run. At the end of an epoch it stays there until the next step, `beginNextEpoch` or `restore`.
  public private(set) var progress = TrainingProgress()
  /// The progress to continue from if the last step, found faulty, is left out.
  private var progressWithoutFault: TrainingProgress?
  /// The number of completed steps.
  public var step: Int { progress.step }

  /// A trainer of `network` on `samples`, whose shape must match the model's input.
  ///
  /// - Parameters:
  ///   - network: The network to train.
  ///   - samples: The training samples.
  ///   - optimizer: How gradients change parameters.
  ///   - schedule: How the learning rate changes, for example `.cosine(peak: 4e-3)`.
  ///   - loss: The loss to minimize.
  ///   - epochs: Passes over the samples.
  ///   - batchSize: Images per step.
  ///   - shards: Parts of a batch that are computed separately and summed in a fixed order, from 1 to 64.
  ///   - clipNorm: The largest norm of the whole gradient; nil for no limit.
  ///   - seed: The seed of dropout and other random numbers of layers.
  ///   - maxSteps: The run ends after this many steps; nil for no limit.
  ///   - team: The threads that compute; nil for one per processor.
  public convenience init(
    _ network: Network, on samples: any SampleProvider, optimizer: some Optimizer,
    schedule: some LearningRateSchedule, loss: some Loss = SoftmaxCrossEntropy(), epochs: Int, batchSize: Int = 128,
    shards: Int = 8, clipNorm: Double? = nil, seed: UInt64 = 1, maxSteps: Int? = nil, team: WorkerTeam? = nil
  ) {
    self.init(
      network, on: samples,
      recipe: TrainingRecipe(
        optimizer: optimizer, schedule: schedule, loss: loss, epochs: epochs, batchSize: batchSize, shards: shards,
        clipNorm: clipNorm, seed: seed, maxSteps: maxSteps),
      team: team)
  }

  /// A trainer of `network` on the samples of `provider`, with settings from a file or the command line.
  public convenience init(
    network: Network, configuration: TrainingConfiguration, provider: any SampleProvider, team: WorkerTeam
  ) {
    self.init(network, on: provider, recipe: configuration.recipe, team: team)
  }

  /// A trainer of `network` on the samples of `provider`, whose shape must match the model's input; a nil team means one thread per processor.
  public init(
    _ network: Network, on provider: any SampleProvider, recipe: TrainingRecipe, team: WorkerTeam? = nil
  ) {
    let team = team ?? WorkerTeam()
    require(provider.count > 0, "Trainer: there are no samples")
    require(
      provider.shape == network.model.inputShape,
      "Trainer: the model takes \(network.model.inputShape), the samples are \(provider.shape)")
    require(
      recipe.batchSize > 0 && TrainingConfiguration.Settings.shards.allows(recipe.shards),
      "Trainer: batchSize must be positive and shards \(TrainingConfiguration.Settings.shards.allowedBriefly), found \(recipe.batchSize) and \(recipe.shards)"
    )
    require(
      TrainingConfiguration.Settings.hardest.allows(recipe.hardest),
      "Trainer: hardest must be \(TrainingConfiguration.Settings.hardest.allowedBriefly), found \(recipe.hardest)")
    require(
      recipe.hardest == 1 || !provider.repeatsSamples,
      "Trainer: hardest must be 1 for samples that an epoch repeats, found \(recipe.hardest)")
    network.temperature = 1
    network.removeQuantization()
    self.network = network
    self.recipe = recipe
    self.provider = provider
    self.team = team
    length = recipe.length(count: provider.count)
    selection = recipe.hardest < 1 ? SampleSelection(count: provider.count) : nil
    frozen = FrozenTensors(recipe.freezing, of: network.graph)
    require(
      recipe.distillation?.teachers.contains { $0 === network } != true, "Trainer: a network cannot be its own teacher")
    teachers = recipe.distillation.map {
      Teachers(
        $0, student: network.model, provider: provider, batchSize: recipe.batchSize, workers: team.count)
    }
    update = UpdatePlan(
      network, recipe: recipe, frozen: frozen, lengths: recipe.epochLengths(count: provider.count),
      steps: length.steps, workers: team.count)
    phase = TrainingPhase(
      ofEpoch: 1, frozen: frozen, network: network, recipe: recipe, provider: provider, teachers: teachers,
      workers: team.count, update: update, errors: selection?.errors)
    order = Storage(count: provider.count)
    statesBefore = Storage(count: network.states.count)
  }

  /// A step of the current phase.
  var job: TrainingStep { phase.job }

  /// Prepares the steps of the current epoch, if other tensors train in it than before.
  private func enterPhase() {
    guard frozen.lastEpoch(like: progress.epoch) != phase.lastEpoch else { return }
    phase = TrainingPhase(
      ofEpoch: progress.epoch, frozen: frozen, network: network, recipe: recipe, provider: provider,
      teachers: teachers, workers: team.count, update: update, errors: selection?.errors)
  }

  /// Steps of the whole run.
  public var totalSteps: Int { length.steps }

  /// The samples and steps of each epoch.
  public var epochLengths: EpochLengths { recipe.epochLengths(count: provider.count) }

  /// The step after which the recipe prunes no more weights; nil if it never prunes.
  public var pruningEnd: Int? { update.pruningEnd }

  /// Steps of the current epoch.
  public var stepsOfEpoch: Int { epochLengths.steps(inEpoch: progress.epoch) }

  /// The names of the arrays that the optimizer keeps, then those of slow and averaged weights; each is as long as the parameters.
  public var momentNames: [String] { job.momentNames }

  /// A copy of everything that training changes.
  public func snapshot() -> TrainerSnapshot {
    TrainerSnapshot(
      progress: progress, network: network.snapshot(), momentNames: momentNames, moments: job.moments.copy(),
      errors: selection?.snapshot)
  }

  /// Goes to a moment, earlier or later, of a run of the same network, samples and recipe.
  public func restore(_ snapshot: TrainerSnapshot) {
    let epochCount = epochLengths.samples(inEpoch: snapshot.progress.epoch)
    require(
      snapshot.progress.position <= epochCount,
      "Trainer: the snapshot is \(snapshot.progress.position) samples into an epoch of \(epochCount)")
    require(
      snapshot.errors?.latest.count == selection?.errors.count,
      "Trainer: the snapshot needs the errors of \(selection?.errors.count ?? 0) samples, found \(snapshot.errors?.latest.count ?? 0)"
    )
    require(
      snapshot.momentNames == momentNames,
      "Trainer: the snapshot has the moments \(snapshot.momentNames), the optimizer \(momentNames)")
    network.restore(snapshot.network)
    phase.body?.forget()
    job.moments.set(snapshot.moments)
    if let errors = snapshot.errors { selection?.restore(errors) }
    orderedEpoch = nil
    move(to: snapshot.progress)
  }

  /// Computes the next step; nil if the recipe has no more steps.
  ///
  /// - Throws: a `StepFault` if the step's loss, gradient or result is not finite. Continue with `leaveOut` or `restore`; otherwise
  ///   the next call computes the same step again.
  public func nextStep() throws(StepFault) -> StepReport? {
    beginNextEpoch()
    guard progress.step < totalSteps else { return nil }
    enterPhase()
    arrangeOrder()
    keepFirstWeights()
    let batch = progress.position..<min(progress.position + recipe.batchSize, epochCount)
    for (index, position) in batch.enumerated() { job.execution.samples[index] = order[position] }
    let learningRate = recipe.schedule.rate(step: progress.step, of: length) * progress.learningRateScale
    let clock = ContinuousClock()
    let start = clock.now
    var report = computeStep(batch.count, learningRate: learningRate)
    let seconds = (clock.now - start) / .seconds(1)

    var next = progress
    next.step += 1
    next.position = batch.upperBound
    next.learningRate = learningRate
    if let fault = fault(of: report) {
      progressWithoutFault = next
      throw fault
    }
    next.averagedSteps = nextAveragedSteps
    next.add(report, seconds: seconds)
    move(to: next)
    report.finishedEpoch = finishedEpoch
    return report
  }

  /// Continues without a step that `nextStep` found faulty and undid.
  ///
  /// - Returns: The epoch, if the step ends it.
  @discardableResult
  public func leaveOut(_ fault: StepFault) -> EpochReport? {
    require(fault.isUndone, "Trainer: step \(fault.step) has changed the network, so it cannot be left out")
    guard let progressWithoutFault, progressWithoutFault.step == fault.step else {
      require(false, "Trainer: step \(fault.step) is not the step that has just failed")
      return nil
    }
    move(to: progressWithoutFault)
    return finishedEpoch
  }

  /// The current epoch, unfinished or at its end; nil between two epochs.
  public var currentEpoch: EpochReport? {
    guard progress.position > 0 else { return nil }
    return EpochReport(
      number: progress.epoch, step: progress.step, images: progress.images,
      loss: progress.loss / Double(progress.images), accuracy: Double(progress.correct) / Double(progress.images),
      learningRate: progress.learningRate, seconds: progress.seconds,
      isComplete: progress.position == epochCount)
  }

  /// The epoch, if the run is at its end or has completed all steps: after its last step, and after restoring a snapshot of that moment.
  public var finishedEpoch: EpochReport? {
    guard let epoch = currentEpoch, epoch.isComplete || progress.step == totalSteps else { return nil }
    return epoch
  }

  /// Moves on from a completed epoch, as the next step does by itself, so that a snapshot is taken at the beginning of the next epoch.
  public func beginNextEpoch() {
    if progress.position == epochCount { move(to: progress.afterEpoch) }
  }

  /// The gradient of the last step's loss for `tensor`, summed over the shards and not clipped, in the order of files.
  package func gradient(of tensor: NetworkTensor) -> [Float] {
    require(tensor.specification.role != nil, "Trainer: \(tensor.name) is a state and has no gradient")
    let gradient = job.gradient
    let values = gradient.read(tensor.range)
    return tensor.specification.order.inFileOrder(values)
  }

  /// The samples of the current epoch.
  private var epochCount: Int { epochLengths.samples(inEpoch: progress.epoch) }

  private func move(to next: TrainingProgress) {
    progress = next
    progressWithoutFault = nil
  }

  /// Computes a step whose samples are in place.
  private func computeStep(_ images: Int, learningRate: Double) -> StepReport {
    copyStates(from: network.states, to: statesBefore)
    let step = progress.step + 1
    job.prepare(
      images: images, epoch: progress.epoch, step: step, epochs: Double(progress.step) / Double(length.stepsPerEpoch),
      learningRate: Float(learningRate), averageShare: nextAverageShare)
    team.run(job)
    job.finish()
    network.noteChange()
    let total = job.total
    return StepReport(
      step: step, epoch: progress.epoch, images: images, loss: total.loss / Double(images), correct: total.correct,
      learningRate: learningRate, gradientNorm: job.gradientNorm)
  }

  private func arrangeOrder() {
    guard orderedEpoch != progress.epoch else { return }
    let order = order
    var samples = order.allMutable
    provider.order(epoch: progress.epoch, into: &samples)
    if let selection {
      if progress.position == 0 { selection.beginEpoch() }
      if epochCount < provider.count { selection.choose(epochCount, from: &samples) }
    }
    orderedEpoch = progress.epoch
  }

  private func copyStates(from source: Storage<Float>, to target: Storage<Float>) {
    var states = target.allMutable
    Kernels.copy(source.all, to: &states)
  }

  /// What is not finite in the last step; nil if everything is.
  private func fault(of report: StepReport) -> StepFault? {
    guard let place = faultyPlace(report) else { return nil }
    return StepFault(
      step: report.step, epoch: report.epoch, samples: (0..<report.images).map { job.execution.samples[$0] },
      loss: report.loss, learningRate: report.learningRate, place: place.place, isUndone: place.isUndone)
  }

  /// Where the last step is not finite, and whether it was undone; nil if everything is finite.
  private func faultyPlace(_ report: StepReport) -> (place: StepFault.Place, isUndone: Bool)? {
    let (parameters, states, moments) = (network.parameters, network.states, job.moments)
    func isFinite(_ values: Span<Float>) -> Bool { Kernels.sumOfSquares(values).isFinite }
    guard job.isFinite else {
      let state = network.graph.states.tensors.first { !isFinite(states.read($0.range)) }
      copyStates(from: statesBefore, to: network.states)
      network.noteChange()
      let samples = (0..<report.images).map { job.execution.samples[$0] }
      let diagnosis = StepDiagnosis(
        network, phase: phase, provider: provider, recipe: recipe, teachers: teachers, samples: samples,
        epoch: report.epoch)
      let place = diagnosis.place()
      if place == .nowhere, let state { return (.update(tensor: state.name), true) }
      return (place, true)
    }
    guard !job.isUpdateFinite else { return nil }
    let tensor = network.graph.parameters.tensors.first { tensor in
      let ranges = momentNames.indices.map {
        $0 * parameters.count + tensor.range.lowerBound..<$0 * parameters.count + tensor.range.upperBound
      }
      return !isFinite(parameters.read(tensor.range)) || !ranges.allSatisfy { isFinite(moments.read($0)) }
    }
    return (tensor.map { .update(tensor: $0.name) } ?? .nowhere, false)
  }
}
