internal import CJacquard
internal import JacquardEngine
internal import Synchronization

/// The object behind `jacquard_trainer`: a trainer that serves one call at a time.
final class TrainerHandle: Sendable {
  let model: ModelHandle
  /// Whether the caller provides the batch of each step.
  let isFed: Bool
  let settings: TrainingSettings
  private let samples: TrainerSamples
  nonisolated(unsafe) private let trainer: Trainer
  private let isBusy = Atomic<Bool>(false)

  init(_ model: ModelHandle, _ settings: TrainingSettings, samples: CallerSamples?) throws(Refusal) {
    // First of all: if the system refuses the threads, there is nothing to clean up.
    let team = try ThreadCount.team(settings.threads, orFewer: settings.hasAnyThreads)
    self.model = model
    self.settings = settings
    isFed = samples == nil
    let configuration = settings.configuration(isFed: isFed)
    self.samples =
      samples.map { TrainerSamples($0, isShuffled: settings.isShuffled, seed: configuration.seed) }
      ?? TrainerSamples(batchSize: configuration.batchSize, shape: model.model.inputShape)
    unsafe trainer = Trainer(
      network: model.network, configuration: configuration, provider: self.samples,
      team: team)
  }

  /// Does one step; nil if the training is over.
  func step(_ batch: CallerSamples?) throws(Refusal) -> jacquard_progress? {
    try exclusively { trainer throws(Refusal) in
      if isFed { samples.take(batch) }
      defer { if isFed { samples.take(nil) } }
      let step = try nextStep(of: trainer)
      return step.map { jacquard_progress($0, total: total(of: trainer)) }
    }
  }

  /// How a call to train ended.
  enum End {
    /// The training was already over.
    case nothing
    /// It did everything that was requested.
    case done(jacquard_progress)
    /// The listener stopped it.
    case stopped
  }

  /// Trains to the end of the epoch, or of all of them. The listener is called while the model is unlocked, and returns
  /// whether to continue.
  func run(untilEpochEnds: Bool, _ listener: (jacquard_progress) -> Bool) throws(Refusal) -> End {
    try exclusively { trainer throws(Refusal) in
      var end = End.nothing
      while let step = try nextStep(of: trainer) {
        guard listener(jacquard_progress(step, total: total(of: trainer))) else { return .stopped }
        guard let epoch = step.finishedEpoch else { continue }
        let progress = jacquard_progress(epoch, total: total(of: trainer))
        guard listener(progress) else { return .stopped }
        end = .done(progress)
        if untilEpochEnds { break }
      }
      return end
    }
  }

  /// A new network with the averaged weights.
  func averagedNetwork() throws(Refusal) -> Network {
    try exclusively { trainer throws(Refusal) in
      let copy = try Network.compiled { () throws(ModelError) in model.model }
      copy.restore(model.lock.reading { trainer.averagedNetwork().snapshot() })
      return copy
    }
  }

  /// The number of steps for progress reports; 0 if the caller provides batches without a limit.
  private func total(of trainer: Trainer) -> Int { isFed && settings.maxSteps == nil ? 0 : trainer.totalSteps }

  /// Computes a step with exclusive use of the model; throws if a result is not finite.
  private func nextStep(of trainer: Trainer) throws(Refusal) -> StepReport? {
    do throws(StepFault) {
      return try model.lock.writing { () throws(StepFault) in
        // A batch from the caller counts as an epoch, and the next one may have another size.
        defer { trainer.beginNextEpoch() }
        return try trainer.nextStep()
      }
    } catch {
      throw Refusal(
        JACQUARD_NOT_FINITE,
        "step \(error.step) is not finite (loss \(error.loss)); this appears first \(error.place); lower the learning rate or check the images"
      )
    }
  }

  /// Runs `body` unless another call uses the trainer.
  private func exclusively<Result>(_ body: (Trainer) throws(Refusal) -> Result) throws(Refusal) -> Result {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
      throw Refusal(JACQUARD_BUSY, "another call is using the trainer; wait for it, or create another trainer")
    }
    defer { isBusy.store(false, ordering: .releasing) }
    return try body(unsafe trainer)
  }
}

extension jacquard_progress {
  fileprivate init(_ step: StepReport, total: Int) {
    self.init(
      step: Int64(step.step), epoch: Int64(step.epoch), total_steps: Int64(total), images: Int64(step.images),
      loss: step.loss, accuracy: Double(step.correct) / Double(step.images), learning_rate: step.learningRate,
      ends_epoch: 0)
  }

  fileprivate init(_ epoch: EpochReport, total: Int) {
    self.init(
      step: Int64(epoch.step), epoch: Int64(epoch.number), total_steps: Int64(total), images: Int64(epoch.images),
      loss: epoch.loss, accuracy: epoch.accuracy, learning_rate: epoch.learningRate, ends_epoch: 1)
  }
}
