/// The result of one step.
public struct StepReport: Sendable, Hashable {
  /// The step's number within the run, from 1.
  public let step: Int
  /// The epoch's number, from 1.
  public let epoch: Int
  /// Images of the step.
  public let images: Int
  /// The batch's mean loss.
  public let loss: Double
  /// Right answers in the batch.
  public let correct: Int
  /// The rate that the step used.
  public let learningRate: Double
  /// The norm of the gradient, if it is clipped.
  public let gradientNorm: Double?
  /// The epoch, if this step ends it or the run.
  public internal(set) var finishedEpoch: EpochReport?
}

/// The result of one epoch, or of the part of it before the run ended.
public struct EpochReport: Sendable, Hashable {
  /// The epoch's number, from 1.
  public let number: Int
  /// Steps of the run so far.
  public let step: Int
  /// Images of this epoch, without those of left-out steps.
  public let images: Int
  /// The mean loss of this epoch's images.
  public let loss: Double
  /// The share of right answers, from 0 to 1.
  public let accuracy: Double
  /// The rate of the last step.
  public let learningRate: Double
  /// Seconds of this epoch's steps.
  public let seconds: Double
  /// Whether the epoch covered all images.
  public let isComplete: Bool
}
