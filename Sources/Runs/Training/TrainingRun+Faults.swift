internal import Datasets
package import JacquardEngine
internal import Support
internal import Terminal

extension TrainingRun {
  /// After this many rollbacks, further ones will not help.
  private static var mostRollbacks: Int { 10 }
  /// The number of faults reported one by one; the others are in the events.
  private static var mostWarnings: Int { 5 }

  /// After a step that was not finite: continues without it or from an earlier point, or ends the run. If the step could not be
  /// undone, the last save is the state before it.
  ///
  /// - Returns: The epoch, if it ends with the skipped step.
  package func handle(_ fault: StepFault) throws -> EpochReport? {
    display.clear()
    if let end = outerEnd, fault.isUndone || end == .signal {
      // Resuming meets the same step again.
      self.end = end
      if fault.isUndone { try save(trainer.snapshot()) }
      return nil
    }
    if let replay, replay.isOver(step: trainer.step, rollbacks: totals.rollbacks) {
      end = replay.end
      return nil
    }
    switch settings.faultPolicy {
    case .skip where !fault.isUndone:
      try journal?.append(event: "fault", members(of: fault))
      throw Failure(
        .badData,
        "\(finding(fault)); this step cannot be skipped, because the fault appears only after the update; "
          + "continue with \(.onNan) rollback, or try a lower \(.lr) or \(.clipNorm).")
    case .stop:
      // The state before the step, which can be resumed with another policy.
      if fault.isUndone { try save(trainer.snapshot()) }
      try journal?.append(event: "fault", members(of: fault))
      throw Failure(
        .badData, "\(finding(fault)); try a lower \(.lr) or \(.clipNorm), or continue with \(.onNan) skip or rollback.")
    case .skip:
      totals.skippedSteps += 1
      try journal?.append(event: "skip", members(of: fault))
      if totals.skippedSteps <= Self.mostWarnings {
        let isLast = totals.skippedSteps == Self.mostWarnings
        console.warn(
          text: finding(fault, mostImages: 8) + "; it is skipped"
            + (isLast ? ", and so are further ones, without a message" : "")
        )
      }
      return trainer.leaveOut(fault)
    case .rollback:
      try rollBack(fault)
      return nil
    }
  }

  /// Returns to the beginning of the epoch, to continue with half the learning rate.
  ///
  /// Not to the last save: saves depend on signals and the clock, and the result must not.
  private func rollBack(_ fault: StepFault) throws {
    guard var snapshot = epochStart, totals.rollbacks < Self.mostRollbacks else {
      if fault.isUndone { try save(trainer.snapshot()) }
      throw Failure(
        .badData, "\(finding(fault)); \(Self.mostRollbacks) rollbacks with ever lower rates did not help.")
    }
    totals.rollbacks += 1
    snapshot.progress.learningRateScale /= 2
    epochStart = snapshot
    try journal?.append(event: "rollback", members(of: fault))
    try tensorBoard?.restart(before: snapshot.progress.firstStepToTellAgain)
    trainer.restore(snapshot)
    try save(snapshot)
    console.warn(
      text: finding(fault, mostImages: 8) + "; returning to the beginning of the epoch, with "
        + "\(snapshot.progress.learningRateScale) of the learning rate")
  }

  /// The step, the images and the layer of a fault, in words.
  ///
  /// - Parameter mostImages: The number of images to name; the events have all.
  private func finding(_ fault: StepFault, mostImages: Int = .max) -> String {
    let images = images(of: fault)
    let rest = images.count - min(images.count, mostImages)
    let samples =
      images.prefix(mostImages).map(String.init).joined(separator: " ") + (rest > 0 ? " and \(rest) more" : "")
    let what: String
    if case .update = fault.place {
      what = "the network after it"
    } else {
      what = fault.loss.isFinite ? "the gradient" : "the loss"
    }
    return "step \(fault.step) of epoch \(fault.epoch): \(what) is not finite, which appears first "
      + "\(fault.place); the batch's images are \(samples)"
  }

  /// The images of a step, by index in the training set.
  private func images(of fault: StepFault) -> [Int] {
    fault.samples.map { data.training.image(ofNumber: Int($0)) }
  }

  private func members(of fault: StepFault) -> [JSONValue.Member] {
    [
      .init(name: "step", value: .integer(fault.step)),
      .init(name: "epoch", value: .integer(fault.epoch)),
      .init(name: "loss", value: .number(fault.loss)),
      .init(name: "learning_rate", value: .number(fault.learningRate)),
      .init(name: "place", value: .string("\(fault.place)")),
      .init(name: "layer", value: fault.place.layer.map(JSONValue.string) ?? .null),
      .init(name: "images", value: .array(images(of: fault).map(JSONValue.integer))),
    ]
  }
}
