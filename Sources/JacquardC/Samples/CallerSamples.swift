internal import Support
internal import JacquardEngine
internal import Samples

/// Samples in the caller's memory. Pixels are read in place; labels are checked copies.
///
/// The caller guarantees that the memory stays valid and unchanged while they are used.
@safe struct CallerSamples: SampleProvider, @unchecked Sendable {
  /// The address of the pixels of all images.
  @safe enum Pixels {
    case bytes(UnsafePointer<UInt8>, NormalizationTable)
    case numbers(UnsafePointer<Float>)
  }

  let shape: Shape
  let count: Int
  /// One label per image, each below the number of classes; empty if labels are not needed.
  let labels: [Int32]
  private let pixels: Pixels

  init(shape: Shape, count: Int, labels: [Int32], pixels: Pixels) {
    self.shape = shape
    self.count = count
    self.labels = labels
    self.pixels = pixels
  }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    for place in order.indices { order[place] = Int32(place) }
  }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    let size = shape.count
    for place in samples.indices {
      let sample = Int(samples[place])
      require(sample >= 0 && sample < count, "CallerSamples: sample \(sample) is outside 0..<\(count)")
      labels[place] = self.labels.isEmpty ? 0 : self.labels[sample]
      var output = inputs.part(place * size..<(place + 1) * size)
      switch pixels {
      case .bytes(let start, let table):
        table.apply(to: unsafe Span(_unsafeStart: start + sample * size, count: size), into: &output)
      case .numbers(let start):
        let image = unsafe Span(_unsafeStart: start + sample * size, count: size)
        for index in image.indices { output[index] = image[index] }
      }
    }
  }
}
