internal import Datasets
internal import Jacquard

/// Images to evaluate, in the order of the set, as they are or mirrored.
struct EvaluationSamples: SampleProvider {
  private let source: SampleSource
  private let isMirrored: Bool

  /// Makes samples of a source without augmentation.
  ///
  /// - Parameter isMirrored: Whether left and right of each image are exchanged.
  init(_ source: SampleSource, isMirrored: Bool = false) {
    self.source = source
    self.isMirrored = isMirrored
  }

  var count: Int { source.count }

  var shape: Shape { Shape(source.set.shape) }

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
      source.draw(image.span, epoch: epoch, into: &pixels, labels: &label)
      if isMirrored { mirror(&pixels) }
    }
  }

  /// Exchanges left and right: pixels `[H, W, C]`.
  private func mirror(_ pixels: inout MutableSpan<Float>) {
    let (width, channels) = (shape.width, shape.channels)
    for row in 0..<shape.height {
      for column in 0..<width / 2 {
        let left = (row * width + column) * channels
        let right = (row * width + width - 1 - column) * channels
        for channel in 0..<channels { pixels.swapAt(left + channel, right + channel) }
      }
    }
  }
}
