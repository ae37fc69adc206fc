internal import Datasets
internal import Jacquard

/// Images to train on, as the engine asks for them: in an order of its own for each epoch, augmented.
struct TrainingSamples: SampleProvider {
  private let source: SampleSource
  private let epochOrder: EpochOrder

  /// Makes samples of a source.
  init(_ source: SampleSource, order: EpochOrder) {
    self.source = source
    epochOrder = order
  }

  var count: Int { source.count }

  var shape: Shape { source.set.shape }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    epochOrder.write(source.indices.span, epoch: epoch, into: &order)
  }

  // A sample's number is that of its image in the set, so that augmentation does not depend on which images are used besides.
  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    source.draw(samples, epoch: epoch, into: &inputs, labels: &labels)
  }
}
