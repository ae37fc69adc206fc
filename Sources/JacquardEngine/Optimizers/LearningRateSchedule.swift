/// How the learning rate changes over a run: a function of the step alone.
///
/// ```swift
/// struct Halving: LearningRateSchedule {
///   func rate(step: Int, of run: RunLength) -> Double { 0.1 / Double(1 << (step / run.stepsPerEpoch)) }
/// }
/// ```
public protocol LearningRateSchedule: Sendable {
  /// The rate of step `step`, from 0, of a run of `run.steps`. It must be above 0, and the method must not allocate.
  func rate(step: Int, of run: RunLength) -> Double
}

/// The length of a run, for a schedule to stretch over.
public struct RunLength: Hashable, Sendable {
  /// Steps of the whole run.
  public let steps: Int
  /// Steps of an epoch over all samples.
  public let stepsPerEpoch: Int

  /// A run of this many steps.
  public init(steps: Int, stepsPerEpoch: Int) {
    self.steps = steps
    self.stepsPerEpoch = stepsPerEpoch
  }

  /// A run of `epochs` epochs, or of `maxSteps` steps if that is shorter.
  init(epochs: Int, of lengths: EpochLengths, maxSteps: Int?) {
    stepsPerEpoch = lengths.steps(inEpoch: 1)
    steps = min(lengths.steps(inEpochs: epochs), maxSteps ?? .max)
  }
}
