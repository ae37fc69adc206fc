import JacquardEngine
import TestSupport

/// Samples in memory, passed on unchanged.
struct TestSamples: SampleProvider {
  let shape: Shape
  let labels: [Int32]
  let images: [Float]
  /// The order of an epoch as the numbers of the samples; nil for their own order.
  private let order: (@Sendable (Int) -> [Int32])?

  init(
    shape: Shape, images: [Float], labels: [Int32], order: (@Sendable (_ epoch: Int) -> [Int32])? = nil
  ) {
    precondition(images.count == labels.count * shape.count)
    self.shape = shape
    self.images = images
    self.labels = labels
    self.order = order
  }

  /// Random images whose label is visible: the class's own pixels are brighter.
  static func learnable(count: Int, shape: Shape, classes: Int, seed: UInt64 = 1) -> TestSamples {
    var random = TestRandom(seed: seed)
    let labels = (0..<count).map { _ in Int32.random(in: 0..<Int32(classes), using: &random) }
    var images: [Float] = []
    for label in labels {
      let pixels = random.uniform(shape.count)
      images += pixels.enumerated().map { $1 + ($0 % classes == Int(label) ? 0.5 : 0) }
    }
    return TestSamples(shape: shape, images: images, labels: labels)
  }

  var count: Int { labels.count }

  func order(epoch: Int, into target: inout MutableSpan<Int32>) {
    guard let order else {
      for index in target.indices { target[index] = Int32(index) }
      return
    }
    for (index, sample) in order(epoch).enumerated() { target[index] = sample }
  }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    let size = shape.count
    for position in samples.indices {
      let sample = Int(samples[position])
      labels[position] = self.labels[sample]
      for index in 0..<size { inputs[position * size + index] = images[sample * size + index] }
    }
  }
}
