internal import Support

/// A height and a width: of a kernel, a stride or a dilation.
///
/// In JSON a single number stands for both; `[height, width]` gives two different ones.
public struct Size2D: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// A size of `height` rows and `width` columns.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// A square size.
  public init(_ side: Int) { self.init(height: side, width: side) }

  /// A square size.
  public init(integerLiteral side: Int) { self.init(side) }

  /// For example `3×3`.
  public var description: String { "\(height)×\(width)" }

  var isPositive: Bool { height > 0 && width > 0 }

  func isWithin(_ range: ClosedRange<Int>) -> Bool { range.contains(height) && range.contains(width) }
}

extension Size2D: Codable {
  /// Reads a number or `[height, width]`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let side = container.wholeNumber() {
      self.init(side)
    } else if let sides = container.wholeNumbers(), sides.count == 2 {
      self.init(height: sides[0], width: sides[1])
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a size is one whole number or [height, width]")
    }
  }

  /// Writes a number if both sides are equal, `[height, width]` otherwise.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if height == width { try container.encode(height) } else { try container.encode([height, width]) }
  }
}
