internal import Support
public import Samples

/// How much a class's logit falls when a part of the image is covered (Zeiler and Fergus 2014).
///
/// A square of `patch` pixels moves over the image in steps of `step` pixels; its last place in a row or column ends at the image's edge. Covered pixels are
/// 0 after normalization, which is the mean color of the data. The number of a pixel is the mean fall over the squares that cover it.
public struct Occlusion: Hashable, Sendable {
  /// The side of the square in pixels; along a shorter side of the image, all of it.
  public let patch: Int
  /// The distance between two places of the square, 1 to `patch`, so that every pixel is covered.
  public let step: Int

  /// Squares of a size; a step must be 1 to `patch`.
  public init(patch: Int, step: Int) {
    require(
      1...max(1, patch) ~= step && patch > 0, "Occlusion: a step of \(step) leaves gaps between squares of \(patch)")
    self.patch = patch
    self.step = step
  }

  /// Squares of a seventh of the image's shorter side, in steps of half of that.
  public init(for shape: Shape) {
    let patch = max(1, (min(shape.height, shape.width) + 6) / 7)
    self.init(patch: patch, step: max(1, patch / 2))
  }

  /// The starts of the square along a side.
  private func starts(_ side: Int) -> [Int] {
    let last = max(0, side - patch)
    return Array(stride(from: 0, to: last, by: step)) + [last]
  }

  /// The number of squares that an image of this shape needs.
  public func squareCount(for shape: Shape) -> Int { starts(shape.height).count * starts(shape.width).count }

  /// The map of one sample of `provider`, for one class.
  ///
  /// - Precondition: The samples are images of the model's input shape, and the sample and the class exist.
  public func map(of sample: Int, in provider: any SampleProvider, class choice: Int, with predictor: Predictor)
    -> SaliencyMap
  {
    let shape = provider.shape
    let classes = predictor.network.graph.output.shape.count
    require(0..<provider.count ~= sample, "Occlusion: sample \(sample) of \(provider.count)")
    require(0..<classes ~= choice, "Occlusion: class \(choice) of \(classes)")
    var squares: [CoveredSamples.Square?] = [nil]
    for top in starts(shape.height) {
      for left in starts(shape.width) {
        squares.append(
          CoveredSamples.Square(
            rows: top..<min(top + patch, shape.height), columns: left..<min(left + patch, shape.width)))
      }
    }
    let samples = CoveredSamples(provider, sample: sample, squares: squares)
    // Nothing stops this prediction, so it always has a result.
    let logits = predictor.computedLogits(of: samples, shouldStop: { false })?.logits ?? []
    var sums = [Double](repeating: 0, count: shape.pixels)
    var counts = [Double](repeating: 0, count: shape.pixels)
    for (index, square) in squares.enumerated() {
      guard let square else { continue }
      let fall = Double(logits[choice]) - Double(logits[index * classes + choice])
      for row in square.rows {
        for column in square.columns {
          sums[row * shape.width + column] += fall
          counts[row * shape.width + column] += 1
        }
      }
    }
    return SaliencyMap(height: shape.height, width: shape.width, values: zip(sums, counts).map { Float($0 / $1) })
  }
}

/// One sample, once as it is or with one square covered for each entry of a list.
private struct CoveredSamples: SampleProvider {
  struct Square {
    let rows: Range<Int>
    let columns: Range<Int>
  }

  private let base: any SampleProvider
  private let sample: Int32
  private let squares: [Square?]
  let shape: Shape

  init(_ base: any SampleProvider, sample: Int, squares: [Square?]) {
    self.base = base
    self.sample = Int32(sample)
    self.squares = squares
    shape = base.shape
  }

  var count: Int { squares.count }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    for index in order.indices { order[index] = Int32(index) }
  }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    let original = [Int32](repeating: sample, count: samples.count)
    base.draw(original.span, epoch: epoch, into: &inputs, labels: &labels)
    for place in samples.indices {
      guard let square = squares[Int(samples[place])] else { continue }
      for row in square.rows {
        let first = (place * shape.height + row) * shape.width
        for index in (first + square.columns.lowerBound) * shape.channels..<(first + square.columns.upperBound)
          * shape.channels
        { inputs[index] = 0 }
      }
    }
  }
}
