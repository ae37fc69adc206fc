/// How many samples and steps each epoch of a run has; the last batch of an epoch may be smaller.
public struct EpochLengths: Hashable, Sendable {
  /// The samples to train on.
  public let count: Int
  /// Images per step.
  public let batchSize: Int
  /// The samples of every epoch after the first.
  private let laterCount: Int

  /// The lengths for `count` samples, if epochs after the first train on `share` of them; at least one batch, if there are that many.
  init(count: Int, batchSize: Int, share: Double) {
    self.count = count
    self.batchSize = batchSize
    laterCount = min(count, max(batchSize, Int((share * Double(count)).rounded(.up))))
  }

  /// The samples of an epoch, from 1.
  public func samples(inEpoch epoch: Int) -> Int { epoch == 1 ? count : laterCount }

  /// The steps of an epoch, from 1.
  public func steps(inEpoch epoch: Int) -> Int { (samples(inEpoch: epoch) + batchSize - 1) / batchSize }

  /// The steps of the first `epochs` epochs together; as many as an integer can count, if there are more.
  public func steps(inEpochs epochs: Int) -> Int {
    guard epochs > 0 else { return 0 }
    let (later, isProductTooLarge) = (epochs - 1).multipliedReportingOverflow(by: steps(inEpoch: 2))
    let (sum, isSumTooLarge) = later.addingReportingOverflow(steps(inEpoch: 1))
    return isProductTooLarge || isSumTooLarge ? .max : sum
  }

  /// The epochs that `steps` steps complete.
  public func epochs(inSteps steps: Int) -> Int {
    let first = self.steps(inEpoch: 1)
    return steps < first ? 0 : 1 + (steps - first) / self.steps(inEpoch: 2)
  }
}
