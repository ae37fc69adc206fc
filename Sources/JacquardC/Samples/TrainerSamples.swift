internal import JacquardEngine
internal import Samples

/// What a trainer draws from: all samples of an epoch, shuffled, or one batch that each step gets anew.
///
/// Changed between two steps only, by who holds the trainer.
final class TrainerSamples: SampleProvider, @unchecked Sendable {
  /// The samples; nil before the first batch.
  private var samples: CallerSamples?
  /// The count until there are any.
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

  /// Batches of at most `batchSize` images, each an epoch of its own.
  init(batchSize: Int, shape: Shape) {
    self.batchSize = batchSize
    self.shape = shape
    epochOrder = EpochOrder(seed: 0, isShuffled: false)
  }

  /// Takes the batch of the next step, or none.
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
