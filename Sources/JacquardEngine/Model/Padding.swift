internal import Support

/// Zeros around an image, on each of its four sides.
///
/// In JSON, `"valid"` means none, `"same"` is resolved against a kernel (half of it on every side, for odd kernels), a number applies to every side,
/// and `[top, left, bottom, right]` gives all four.
public struct Padding: Hashable, Sendable, CustomStringConvertible {
  /// Rows above the image.
  public var top: Int
  /// Columns left of the image.
  public var left: Int
  /// Rows below the image.
  public var bottom: Int
  /// Columns right of the image.
  public var right: Int

  /// Padding with four explicit sides.
  public init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  /// The same padding on all four sides.
  public init(_ all: Int) { self.init(top: all, left: all, bottom: all, right: all) }

  /// No padding: the window stays inside the image.
  public static let valid = Padding(0)

  /// The padding that keeps an image's size at stride 1: `dilation · (kernel − 1)` in total; if odd, the extra row or column is below or right.
  public static func same(_ kernel: Size2D, dilation: Size2D = 1) -> Padding {
    let rows = dilation.height * (kernel.height - 1)
    let columns = dilation.width * (kernel.width - 1)
    return Padding(top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2)
  }

  /// For example `1` or `0,1,2,1` (top, left, bottom, right).
  public var description: String {
    Set([top, left, bottom, right]).count == 1 ? "\(top)" : "\(top),\(left),\(bottom),\(right)"
  }

  var isNatural: Bool { min(top, left, bottom, right) >= 0 }

  func isWithin(_ range: ClosedRange<Int>) -> Bool {
    [top, left, bottom, right].allSatisfy { range.contains($0) }
  }
}

/// Zeros around a convolution's input, as a rule that may depend on the kernel.
public enum ConvolutionPadding: Hashable, Sendable {
  /// None: the window stays inside the image.
  case valid
  /// Keeps an image's size at stride 1; see `Padding.same(_:dilation:)`.
  case same
  /// Explicit padding on each side.
  case sides(Padding)

  /// The zeros on each side.
  func padding(kernel: Size2D, dilation: Size2D) -> Padding {
    switch self {
    case .valid: .valid
    case .same: .same(kernel, dilation: dilation)
    case .sides(let padding): padding
    }
  }
}

extension Padding: Codable {
  /// Reads a number, `[top, left, bottom, right]` or `"valid"`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let all = container.wholeNumber() {
      self.init(all)
    } else if let sides = container.wholeNumbers(), sides.count == 4 {
      self.init(top: sides[0], left: sides[1], bottom: sides[2], right: sides[3])
    } else if let word = try? container.decode(String.self), word == "valid" {
      self = .valid
    } else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          "a padding is a whole number, [top, left, bottom, right], \"valid\", or \"same\" for a convolution")
    }
  }

  /// Writes a number if all sides are equal, `[top, left, bottom, right]` otherwise.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if Set([top, left, bottom, right]).count == 1 {
      try container.encode(top)
    } else {
      try container.encode([top, left, bottom, right])
    }
  }
}
