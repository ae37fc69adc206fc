internal import Jacquard

/// What is said about a step whose loss or gradient is not finite.
enum NonFiniteStep {
  /// The failure of a run that stops there.
  static func failure(_ fault: StepFault) -> CommandFailure {
    CommandFailure(.badData, "\(finding(fault)); try a lower --lr or --clip-norm.")
  }

  /// Which step, which images and which layer.
  static func finding(_ fault: StepFault) -> String {
    let samples = fault.samples.map(String.init).joined(separator: " ")
    let what = fault.loss.isFinite ? "the gradient" : "the loss"
    return "step \(fault.step) of epoch \(fault.epoch): \(what) is not a finite number, which appears first "
      + "\(fault.place); the batch's images are \(samples)"
  }
}
