internal import Support
internal import Datasets
internal import Jacquard

/// Images to evaluate, in the order of the set, as they are or all changed in the same way.
struct EvaluationSamples: SampleProvider {
  private let source: SampleSource
  private let change: ImageChange

  /// Makes samples of a source without augmentation.
  ///
  /// - Parameter change: What is done to each image.
  init(_ source: SampleSource, changedBy change: ImageChange = ImageChange()) {
    self.source = source
    self.change = change
  }

  var count: Int { source.count }

  var shape: Shape { source.set.shape }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    for place in order.indices { order[place] = Int32(place) }
  }

  // A sample's number is its place in the source, which may be a part of a set.
  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    let size = shape.count
    for place in samples.indices {
      let image: [1 of Int32] = [source.indices[Int(samples[place])]]
      var pixels = inputs.part(place * size..<(place + 1) * size)
      var label = labels.part(place..<place + 1)
      source.draw(image.span, changedBy: change, into: &pixels, labels: &label)
    }
  }
}
