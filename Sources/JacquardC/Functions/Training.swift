public import CJacquard

@c @implementation
public func jacquard_training_defaults(_ training: UnsafeMutablePointer<jacquard_training>!) -> jacquard_status {
  reporting { () throws(Refusal) in
    let place = try unsafe Handle.result(training, "training")
    unsafe place.pointee = TrainingSettings.defaults
    return JACQUARD_OK
  }
}

@c @implementation
public func jacquard_trainer_create(
  _ model: OpaquePointer!, _ training: UnsafePointer<jacquard_training>!, _ samples: UnsafePointer<jacquard_samples>!,
  _ trainer: UnsafeMutablePointer<OpaquePointer?>!
) -> jacquard_status {
  reportingDeeply { () throws(Refusal) in
    let place = try unsafe Handle.result(trainer, "trainer")
    unsafe place.pointee = nil
    let model = try unsafe Handle.object(model, ModelHandle.self, "model")
    let isFed = unsafe samples == nil
    let settings = try unsafe TrainingSettings(training?.pointee ?? TrainingSettings.defaults, isFed: isFed)
    let given = isFed ? nil : try unsafe CallerSamples(samples, of: model, "samples", needsLabels: true)
    try MemoryCheck.check(model.model, configuration: settings.configuration(isFed: false))
    unsafe place.pointee = Handle.make(try TrainerHandle(model, settings, samples: given))
    return JACQUARD_OK
  }
}

@c @implementation
public func jacquard_trainer_step(
  _ trainer: OpaquePointer!, _ batch: UnsafePointer<jacquard_samples>!,
  _ progress: UnsafeMutablePointer<jacquard_progress>!
) -> jacquard_status {
  reporting { () throws(Refusal) in
    let trainer = try unsafe Handle.object(trainer, TrainerHandle.self, "trainer")
    guard unsafe trainer.isFed || batch == nil else {
      throw .argument("batch is not NULL, but the trainer has its own samples; pass NULL")
    }
    let given =
      trainer.isFed ? try unsafe CallerSamples(batch, of: trainer.model, "batch", needsLabels: true) : nil
    if let given, given.count > trainer.settings.batchSize {
      throw .argument("batch has \(given.count) images; the trainer takes at most \(trainer.settings.batchSize)")
    }
    guard let done = try trainer.step(given) else { return JACQUARD_DONE }
    if let progress = unsafe progress { unsafe progress.pointee = done }
    return JACQUARD_OK
  }
}

@c @implementation
public func jacquard_trainer_epoch(
  _ trainer: OpaquePointer!, _ callback: jacquard_callback!, _ context: UnsafeMutableRawPointer!,
  _ progress: UnsafeMutablePointer<jacquard_progress>!
) -> jacquard_status {
  reporting { () throws(Refusal) in
    let trainer = try unsafe Handle.object(trainer, TrainerHandle.self, "trainer").withSamples
    switch try trainer.run(untilEpochEnds: true, unsafe listener(callback, context)) {
    case .nothing: return JACQUARD_DONE
    case .stopped: return JACQUARD_STOPPED
    case .done(let epoch):
      if let progress = unsafe progress { unsafe progress.pointee = epoch }
      return JACQUARD_OK
    }
  }
}

@c @implementation
public func jacquard_trainer_run(
  _ trainer: OpaquePointer!, _ callback: jacquard_callback!, _ context: UnsafeMutableRawPointer!
) -> jacquard_status {
  reporting { () throws(Refusal) in
    let trainer = try unsafe Handle.object(trainer, TrainerHandle.self, "trainer").withSamples
    switch try trainer.run(untilEpochEnds: false, unsafe listener(callback, context)) {
    case .nothing, .done: return JACQUARD_OK
    case .stopped: return JACQUARD_STOPPED
    }
  }
}

@c @implementation
public func jacquard_trainer_average(
  _ trainer: OpaquePointer!, _ model: UnsafeMutablePointer<OpaquePointer?>!
) -> jacquard_status {
  reportingDeeply { () throws(Refusal) in
    let place = try unsafe Handle.result(model, "model")
    unsafe place.pointee = nil
    let trainer = try unsafe Handle.object(trainer, TrainerHandle.self, "trainer")
    guard trainer.settings.hasAverage else {
      throw .argument("the trainer averages no weights; set average to JACQUARD_EMA or JACQUARD_SWA")
    }
    unsafe place.pointee = Handle.make(ModelHandle(try trainer.averagedNetwork()))
    return JACQUARD_OK
  }
}

@c @implementation
public func jacquard_trainer_free(_ trainer: OpaquePointer!) { unsafe Handle.free(trainer, TrainerHandle.self) }

/// Calls the caller's function, if any; returns true to continue.
private func listener(
  _ callback: jacquard_callback?, _ context: UnsafeMutableRawPointer?
) -> (jacquard_progress) -> Bool {
  { progress in
    guard let callback = unsafe callback else { return true }
    var progress = progress
    return unsafe callback(&progress, context) == 0
  }
}

extension TrainerHandle {
  /// The trainer, if it has samples and therefore epochs.
  fileprivate var withSamples: TrainerHandle {
    get throws(Refusal) {
      guard !isFed else {
        throw .argument("the trainer was created without samples, so it has no epochs; call jacquard_trainer_step")
      }
      return self
    }
  }
}
