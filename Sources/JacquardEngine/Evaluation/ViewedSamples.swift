internal import Support
internal import Samples

/// Samples that are all mirrored, then moved, after they are drawn.
struct ViewedSamples: SampleProvider {
  private let base: any SampleProvider
  private let isMirrored: Bool
  /// The pixels to move down and right; negative for up and left.
  private let offset: Int
  /// The normalized value of a pixel of 0, for each channel.
  private let zeros: [Float]
  /// The shape of a sample.
  let shape: Shape

  init(_ base: any SampleProvider, isMirrored: Bool, offset: Int, zeros: [Float]) {
    self.base = base
    self.isMirrored = isMirrored
    self.offset = offset
    self.zeros = zeros
    shape = base.shape
  }

  /// The number of samples.
  var count: Int { base.count }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) { base.order(epoch: epoch, into: &order) }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    base.draw(samples, epoch: epoch, into: &inputs, labels: &labels)
    for place in samples.indices {
      var image = inputs.part(place * shape.count..<(place + 1) * shape.count)
      if isMirrored { mirror(&image) }
      if offset != 0 { move(&image) }
    }
  }

  private func mirror(_ image: inout MutableSpan<Float>) {
    for row in 0..<shape.height {
      for column in 0..<shape.width / 2 {
        let left = (row * shape.width + column) * shape.channels
        let right = (row * shape.width + shape.width - 1 - column) * shape.channels
        for channel in 0..<shape.channels { image.swapAt(left + channel, right + channel) }
      }
    }
  }

  /// Moves an image in place: pixels are visited in the order in which each is read before it is overwritten.
  private func move(_ image: inout MutableSpan<Float>) {
    for rowStep in 0..<shape.height {
      let row = offset > 0 ? shape.height - 1 - rowStep : rowStep
      for columnStep in 0..<shape.width {
        let column = offset > 0 ? shape.width - 1 - columnStep : columnStep
        let (sourceRow, sourceColumn) = (row - offset, column - offset)
        let isInside = 0..<shape.height ~= sourceRow && 0..<shape.width ~= sourceColumn
        let target = (row * shape.width + column) * shape.channels
        let source = (sourceRow * shape.width + sourceColumn) * shape.channels
        for channel in 0..<shape.channels {
          image[target + channel] = isInside ? image[source + channel] : zeros[channel]
        }
      }
    }
  }
}
