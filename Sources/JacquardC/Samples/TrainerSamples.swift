internal import JacquardEngine
internal import Samples

/// The source of a trainer's samples: all samples of an epoch, shuffled, or one batch per step.
///
/// It changes only between two steps, by the call that holds the trainer.
final class TrainerSamples: SampleProvider, @unchecked Sendable {
  /// The samples; nil before the first batch.
  private var samples: CallerSamples?
  /// The count before the first batch.
  private let batchSize: Int
  private let epochOrder: EpochOrder
  let shape: Shape

  /// All samples of a training.
  init(_ samples: CallerSamples, isShuffled: Bool, seed: UInt64) {
    self.samples = samples
    shape = samples.shape
    batchSize = samples.count
    epochOrder = EpochOrder(seed: seed, isShuffled: isShuffled)
  }

  /// Batches of at most `batchSize` images; each counts as an epoch.
  init(batchSize: Int, shape: Shape) {
    self.batchSize = batchSize
    self.shape = shape
    epochOrder = EpochOrder(seed: 0, isShuffled: false)
  }

  /// Sets the batch of the next step, or removes it.
  func take(_ batch: CallerSamples?) { samples = batch }

  var count: Int { samples?.count ?? batchSize }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    epochOrder.write(epoch: epoch, into: &order)
  }

  func draw(
    _ places: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    samples?.draw(places, epoch: epoch, into: &inputs, labels: &labels)
  }
}
