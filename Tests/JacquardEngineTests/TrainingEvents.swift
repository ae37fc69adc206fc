import JacquardEngine

/// What happens in a training, in one order: the form in which the tests look at it.
enum TrainingEvent {
  case step(StepReport)
  case epoch(EpochReport)
  case fault(StepFault)
}

/// What a test answers.
enum TrainingControl {
  /// Go on; after a fault, without the step.
  case proceed
  /// End the run here. An epoch that was begun is reported all the same, unless a fault ends the run.
  case stop
  /// Go back to an earlier moment and go on from there.
  case restart(TrainerSnapshot)
}

extension Trainer {
  /// Trains to the end of the configuration, or until `report` answers `.stop`.
  func run(report: (TrainingEvent) -> TrainingControl) {
    // A run may go on from the end of an epoch that was not reported.
    if let epoch = finishedEpoch, !follow(report(.epoch(epoch))) { return }
    while true {
      var finished: EpochReport?
      do {
        guard let step = try nextStep() else { return }
        finished = step.finishedEpoch
        switch report(.step(step)) {
        case .proceed: break
        case .restart(let snapshot):
          restore(snapshot)
          continue
        case .stop:
          if let epoch = currentEpoch { _ = follow(report(.epoch(epoch))) }
          return
        }
      } catch {
        switch report(.fault(error)) {
        case .proceed: finished = leaveOut(error)
        case .restart(let snapshot):
          restore(snapshot)
          continue
        case .stop: return
        }
      }
      if let finished, !follow(report(.epoch(finished))) { return }
    }
  }

  /// Does as a report of an epoch was answered; false if the run ends.
  private func follow(_ answer: TrainingControl) -> Bool {
    if case .restart(let snapshot) = answer {
      restore(snapshot)
      return true
    }
    beginNextEpoch()
    if case .stop = answer { return false }
    return true
  }
}
