import Runs
import Testing

/// The line of an epoch, and the choice of the best epoch.
struct EpochSummaryTests {
  @Test func theEpochLineHasNoControlCharacters() {
    let epoch = EpochSummary(
      epoch: 3, epochCount: 10, steps: 1407, learningRate: 1e-3, training: .init(loss: 0.2310, accuracy: 0.9151),
      validation: .init(loss: 0.3, accuracy: 0.89), imagesPerSecond: 9812.4, seconds: 6.12)
    #expect(
      epoch.line(columns: 120)
        == "epoch  3/10  train loss 0.2310 accuracy 0.9151  validation loss 0.3000 accuracy 0.8900  9,812 images/s  6.1 s"
    )
  }

  @Test func theEpochLineFits() {
    var epoch = EpochSummary(
      epoch: 3, epochCount: 10, steps: 1407, learningRate: 1e-3, training: .init(loss: 0.2310, accuracy: 0.9151),
      validation: .init(loss: 0.3, accuracy: 0.89), imagesPerSecond: 9812.4, seconds: 6.12)
    #expect(
      epoch.line(columns: 80) == "epoch  3/10  train loss 0.2310 accuracy 0.9151  validation 0.3000 0.8900  6.1 s")
    #expect(epoch.line(columns: 40) == "epoch  3/10  train loss 0.2310 accuracy ")
    epoch.share = 0.9999
    #expect(epoch.line(columns: 80).hasPrefix("epoch  3/10 (99 %)  train loss 0.2310"))
    // The longest possible line.
    epoch = EpochSummary(
      epoch: 99_999, epochCount: 100_000, steps: 1, learningRate: 1e-3, training: .init(loss: 4e20, accuracy: 0.9151),
      validation: .init(loss: -1e300, accuracy: .nan), imagesPerSecond: 1e300, seconds: .infinity, share: 0.5)
    for columns in 1...200 { #expect(epoch.line(columns: columns).count <= columns) }
    epoch.validation = nil
    epoch.share = 1
    #expect(
      EpochSummary(
        epoch: 1, epochCount: 2, steps: 1, learningRate: 1, training: .init(loss: 1, accuracy: 0.5), validation: nil,
        imagesPerSecond: 12_345, seconds: 61
      ).line(columns: 80) == "epoch 1/2  train loss 1.0000 accuracy 0.5000  12,345 images/s  1:01")
  }

  @Test func theBestEpochHasTheHighestAccuracyThenTheLowestLoss() {
    var best = BestEpoch()
    let scores: [EpochSummary.Score] = [
      .init(loss: 0.5, accuracy: 0.8), .init(loss: 0.5, accuracy: 0.8), .init(loss: 0.1, accuracy: 0.79),
      .init(loss: 0.4, accuracy: 0.8), .init(loss: 0.9, accuracy: 0.81),
    ]
    let improvements = scores.enumerated().map { best.improves(with: $1, epoch: $0 + 1, step: 10 * ($0 + 1)) }
    #expect(improvements == [true, false, false, true, true])
    #expect(best.epoch == 5)
    #expect(best.step == 50)
    #expect(best.score == scores[4])
  }
}
