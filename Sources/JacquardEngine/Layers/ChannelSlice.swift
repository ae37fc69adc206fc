internal import Support
public import Samples

/// A range of the channels: `y = x[…, start ..< start + count]`, of images or vectors.
///
/// Several slices as paths of `Branches` split the channels, as in ShuffleNetV2 (Ma et al. 2018).
public struct ChannelSlice: SingleOperatorLayer {
  /// The first channel to keep.
  public var start: Int
  /// The number of channels to keep.
  public var count: Int

  /// A slice of at least one channel.
  public init(start: Int, count: Int) {
    require(
      Self.isUsual(start: start, count: count), "ChannelSlice: found start \(start) and count \(count)")
    self.start = start
    self.count = count
  }

  private static func isUsual(start: Int, count: Int) -> Bool {
    0...Shape.largestCount ~= start && 1...Shape.largestCount ~= count
  }

  public static let type = "channel_slice"
  public static let namePrefix = "slice"

  public var details: String { "channels \(start) to \(start + count - 1)" }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try ShapeMismatch.requireChannelOrder(input)
    guard start + count <= input.channels else {
      throw ShapeMismatch("takes channels \(start) to \(start + count - 1), found \(input.channels) channels")
    }
    return input.withChannels(count)
  }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    Slicing(pixels: input.pixels, channels: input.channels, kept: start..<start + count)
  }

  private struct Slicing: Operator {
    let pixels: Int
    let channels: Int
    let kept: Range<Int>

    var elements: ElementRule { .selection }

    func forward(_ pass: borrowing ForwardPass) {
      var output = pass.output()
      Kernels.copyColumns(
        kept, of: pass.input(), stride: channels, to: 0, of: &output, stride: kept.count,
        rows: pass.imageCount * pixels)
    }

    func backward(_ pass: borrowing BackwardPass) {
      guard pass.needsInputGradient else { return }
      var gradient = pass.inputGradient()
      Kernels.fill(&gradient, with: 0)
      Kernels.copyColumns(
        0..<kept.count, of: pass.outputGradient(), stride: kept.count, to: kept.lowerBound, of: &gradient,
        stride: channels, rows: pass.imageCount * pixels)
    }
  }
}

extension ChannelSlice {
  public enum CodingKeys: CodingKey, CaseIterable {
    case start, count
  }

  /// Reads the layer's JSON; `start` defaults to 0.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    start = try container.decode(.start, or: 0)
    count = try container.decode(Int.self, forKey: .count)
    try container.require(0...Shape.largestCount ~= start, .start, "must be 0 to \(Shape.largestCount)")
    try container.require(1...Shape.largestCount ~= count, .count, "must be 1 to \(Shape.largestCount)")
  }
}

extension Shape {
  /// The same pixels with another number of channels, or a vector of as many features.
  func withChannels(_ channels: Int) -> Shape {
    isImage ? .image(height: height, width: width, channels: channels) : .vector(channels)
  }
}

extension ShapeMismatch {
  /// Rejects a flattened image, because files do not store its channels together.
  static func requireChannelOrder(_ input: Shape) throws(ShapeMismatch) {
    guard input.flattenedFrom == nil else {
      throw ShapeMismatch("works on channels, found the flattened image \(input); put it before the flatten")
    }
  }
}
