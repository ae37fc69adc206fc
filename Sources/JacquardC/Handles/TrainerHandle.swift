internal import CJacquard
internal import Jacquard
internal import Synchronization

/// What `jacquard_trainer` is: a trainer that one call at a time uses.
final class TrainerHandle: Sendable {
  let model: ModelHandle
  /// Whether each step is given a batch of its own.
  let isFed: Bool
  let settings: TrainingSettings
  private let samples: TrainerSamples
  nonisolated(unsafe) private let trainer: Trainer
  private let isBusy = Atomic<Bool>(false)

  init(_ model: ModelHandle, _ settings: TrainingSettings, samples: CallerSamples?) {
    self.model = model
    self.settings = settings
    isFed = samples == nil
    let configuration = settings.configuration(isFed: isFed)
    self.samples =
      samples.map { TrainerSamples($0, isShuffled: settings.isShuffled, seed: configuration.seed) }
      ?? TrainerSamples(batchSize: configuration.batchSize, shape: model.model.inputShape)
    unsafe trainer = Trainer(
      network: model.network, configuration: configuration, provider: self.samples,
      team: WorkerTeam(threads: settings.threads))
  }

  /// Does one step; nil when there is none left to do.
  func step(_ batch: CallerSamples?) throws(Refusal) -> jacquard_progress? {
    try exclusively { trainer throws(Refusal) in
      if isFed { samples.take(batch) }
      defer { if isFed { samples.take(nil) } }
      guard trainer.step < trainer.totalSteps else { return nil }
      var result: jacquard_progress?
      try run(trainer) { progress in
        if progress.ends_epoch == 0 { result = progress }
        return .stop
      }
      return result
    }
  }

  /// How far a training went.
  enum End {
    /// There was no step left to do.
    case nothing
    /// As far as was asked for.
    case done(jacquard_progress)
    /// As far as the listener wanted.
    case stopped
  }

  /// Trains to the end of the epoch, or of all of them. The listener is called while the model is free, and answers whether to go on.
  func run(untilEpochEnds: Bool, _ listener: (jacquard_progress) -> Bool) throws(Refusal) -> End {
    try exclusively { trainer throws(Refusal) in
      guard trainer.step < trainer.totalSteps else { return .nothing }
      var last: jacquard_progress?
      var isStopped = false
      try run(trainer) { progress in
        // After a listener stops the training in an epoch, the trainer reports what there is of it.
        if isStopped { return .stop }
        if progress.ends_epoch == 1 { last = progress }
        model.lock.unlock()
        isStopped = !listener(progress)
        model.lock.lockForWriting()
        return isStopped || untilEpochEnds && progress.ends_epoch == 1 ? .stop : .proceed
      }
      guard !isStopped, let last else { return .stopped }
      return .done(last)
    }
  }

  /// Runs the trainer while it has the model for itself; throws when a step was not finite.
  private func run(_ trainer: Trainer, _ report: (jacquard_progress) -> TrainingControl) throws(Refusal) {
    var fault: StepFault?
    let total = isFed && settings.maxSteps == nil ? 0 : trainer.totalSteps
    model.lock.writing {
      trainer.run { event in
        switch event {
        case .step(let step): return report(jacquard_progress(step, total: total))
        case .epoch(let epoch): return report(jacquard_progress(epoch, total: total))
        case .fault(let found):
          fault = found
          return .stop
        }
      }
    }
    if let fault {
      throw Refusal(
        JACQUARD_NOT_FINITE,
        "step \(fault.step) is not finite (loss \(fault.loss)); that appears first \(fault.place); lower the learning rate or look at the images"
      )
    }
  }

  /// Runs `body` unless another call uses the trainer.
  private func exclusively<Result>(_ body: (Trainer) throws(Refusal) -> Result) throws(Refusal) -> Result {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
      throw Refusal(JACQUARD_BUSY, "the trainer is in another call; wait for it, or make a trainer of your own")
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
      step: Int64(epoch.step), epoch: Int64(epoch.epoch), total_steps: Int64(total), images: Int64(epoch.images),
      loss: epoch.loss, accuracy: epoch.accuracy, learning_rate: epoch.learningRate, ends_epoch: 1)
  }
}
