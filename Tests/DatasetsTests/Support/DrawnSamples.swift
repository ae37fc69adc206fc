import Datasets
import Dispatch
import Synchronization
import Testing

/// The samples that a source draws, in arrays.
struct DrawnSamples: Equatable {
  let pixels: [Float]
  let labels: [Int32]

  /// Draws the samples in one call, into buffers filled with values that no draw gives.
  init(_ source: SampleSource, _ samples: [Int32], epoch: Int = 0) {
    var pixels = [Float](repeating: .nan, count: samples.count * source.set.shape.count)
    var labels = [Int32](repeating: -1, count: samples.count)
    var pixelSpan = pixels.mutableSpan
    var labelSpan = labels.mutableSpan
    source.draw(samples.span, epoch: epoch, into: &pixelSpan, labels: &labelSpan)
    self.pixels = pixels
    self.labels = labels
  }

  /// Expects that threads that draw 200 samples at once, in parts, draw what one thread draws.
  static func expectTheSameOnThreads(_ source: SampleSource, sourceLocation: SourceLocation = #_sourceLocation) {
    let parts = (0..<20).map { part in (0..<10).map { Int32(part * 10 + $0) } }
    let expected = parts.map { DrawnSamples(source, $0, epoch: 1) }
    let drawn = Mutex<[Int: DrawnSamples]>([:])
    DispatchQueue.concurrentPerform(iterations: parts.count) { part in
      let samples = DrawnSamples(source, parts[part], epoch: 1)
      drawn.withLock { $0[part] = samples }
    }
    let results = drawn.withLock { $0 }
    #expect(results.count == parts.count, sourceLocation: sourceLocation)
    for part in parts.indices { #expect(results[part] == expected[part], sourceLocation: sourceLocation) }
  }

  /// Every image of the set, changed, as pixel values, one array per image.
  static func images(_ set: ImageSet, _ text: String, seed: UInt64 = 1, epoch: Int = 0) throws -> [[Int]] {
    let source = try SampleSource(
      set, normalization: SampleImages.identity(channels: set.shape.channels),
      augmentation: Augmentation(parsing: text), seed: seed)
    let pixels = DrawnSamples(source, set.allIndices, epoch: epoch).pixels.map { Int($0.rounded()) }
    let size = set.shape.count
    return (0..<set.count).map { Array(pixels[($0 * size)..<(($0 + 1) * size)]) }
  }
}

/// Sets of images for the tests.
enum SampleImages {
  /// Images without a zero, all different: the value at position p of image i is 1 + (31·i + 7·p) mod 255.
  static func patterned(count: Int, height: Int, width: Int, channels: Int) -> ImageSet {
    let shape = Shape.image(height: height, width: width, channels: channels)
    var images: [UInt8] = []
    for image in 0..<count {
      for position in 0..<shape.count {
        images.append(UInt8(1 + (image * 31 + position * 7) % 255))
      }
    }
    return ImageSet(
      shape: shape, classNames: ["a", "b", "c"], images: images, labels: (0..<count).map { UInt16($0 % 3) })
  }

  /// A normalization that returns the pixel values, up to rounding.
  static func identity(channels: Int) -> Normalization {
    Normalization(
      mean: [Double](repeating: 0, count: channels), deviation: [Double](repeating: 1.0 / 255, count: channels))
  }
}
