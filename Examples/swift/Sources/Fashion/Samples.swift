import Jacquard

/// Images of a data set as the engine asks for them: shuffled anew in each epoch, normalized as they are drawn.
struct Samples: SampleProvider {
  let source: SampleSource
  var count: Int { source.count }
  var shape: Shape { .image(height: source.set.shape.height, width: source.set.shape.width, channels: 1) }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    EpochOrder(seed: 1).write(source.indices.span, epoch: epoch, into: &order)
  }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    source.draw(samples, epoch: epoch, into: &inputs, labels: &labels)
  }
}
