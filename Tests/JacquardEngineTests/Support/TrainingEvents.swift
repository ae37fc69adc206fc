import JacquardEngine

/// The events of a training in order, as the tests examine them.
enum TrainingEvent {
  case step(StepReport)
  case epoch(EpochReport)
  case fault(StepFault)
}

/// A test's answer.
enum TrainingControl {
  /// Continue; after a fault, without the step.
  case proceed
  /// End the run here. An epoch that was begun is still reported, unless a fault ends the run.
  case stop
  /// Return to an earlier moment and continue from there.
  case restart(TrainerSnapshot)
}

extension Trainer {
  /// Trains to the end of the configuration, or until `report` answers `.stop`.
  func run(report: (TrainingEvent) -> TrainingControl) {
    // A run may continue from the end of an epoch that was not reported.
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

  /// Follows the answer to the report of an epoch; false if the run ends.
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
