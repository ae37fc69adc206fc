internal import Support
public import Samples

/// Interleaves the channels of `groups` groups: channel `i` of group `g` becomes channel `i · groups + g` (Zhang et al. 2018).
///
/// Works on images `[N, H, W, C]` and vectors `[N, C]`; the number of groups must divide the number of channels.
public struct ChannelShuffle: SingleOperatorLayer {
  /// The number of groups before the shuffle; at least 2.
  public var groups: Int

  /// A channel shuffle of 2 or more groups.
  public init(groups: Int) {
    require(2...65536 ~= groups, "ChannelShuffle: groups must be 2 to 65536, found \(groups)")
    self.groups = groups
  }

  public static let type = "channel_shuffle"
  public static let namePrefix = "shuffle"

  public var details: String { "\(groups) groups" }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try ShapeMismatch.requireChannelOrder(input)
    guard input.channels % groups == 0 else {
      throw ShapeMismatch("has \(groups) groups, which do not divide \(input.channels) channels")
    }
    return input
  }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    Shuffling(pixels: input.pixels, groups: groups, width: input.channels / groups)
  }

  /// Each pixel is a matrix `[groups][channels per group]`, which is transposed.
  private struct Shuffling: Operator {
    let pixels: Int
    let groups: Int
    let width: Int

    var elements: ElementRule { .selection }

    func forward(_ pass: borrowing ForwardPass) {
      let input = pass.input()
      var output = pass.output()
      transposePixels(input, into: &output, rows: groups, columns: width)
    }

    func backward(_ pass: borrowing BackwardPass) {
      guard pass.needsInputGradient else { return }
      let source = pass.outputGradient()
      var target = pass.inputGradient()
      transposePixels(source, into: &target, rows: width, columns: groups)
    }

    private func transposePixels(
      _ input: Span<Float>, into output: inout MutableSpan<Float>, rows: Int, columns: Int
    ) {
      let channels = rows * columns
      for first in stride(from: 0, to: input.count, by: channels) {
        var part = output.part(first..<first + channels)
        Kernels.transpose(input.extracting(first..<first + channels), into: &part, rows: rows, columns: columns)
      }
    }
  }
}

extension ChannelShuffle {
  public enum CodingKeys: CodingKey, CaseIterable {
    case groups
  }

  /// Reads the layer's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    groups = try container.decode(Int.self, forKey: .groups)
    try container.require(2...65536 ~= groups, .groups, "must be 2 to 65536")
  }
}
