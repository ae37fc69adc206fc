internal import BLAS

/// The shape of one sample's activations, without the batch dimension.
///
/// An image is `[height, width, channels]`, a vector `[features]`. A vector that came out of a flatten remembers the
/// image it was, because files store the weights behind a flatten in channels-first order.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// `[height, width, channels]` or `[features]`.
  public let dimensions: [Int]
  /// The image that a flattened vector was, `[height, width, channels]`.
  public let flattenedFrom: [Int]?

  private init(dimensions: [Int], flattenedFrom: [Int]? = nil) {
    require(
      dimensions.allSatisfy { $0 > 0 }, "Shape: every dimension must be positive, found \(dimensions)")
    self.dimensions = dimensions
    self.flattenedFrom = flattenedFrom
  }

  /// An image of the given size; every dimension must be positive.
  public static func image(height: Int, width: Int, channels: Int) -> Shape {
    Shape(dimensions: [height, width, channels])
  }

  /// A vector of features; their number must be positive.
  public static func vector(_ features: Int) -> Shape {
    Shape(dimensions: [features])
  }

  /// This shape as one vector, row-major: `[H, W, C] → [H · W · C]`.
  public var flattened: Shape {
    isImage ? Shape(dimensions: [count], flattenedFrom: dimensions) : self
  }

  /// Whether this is `[height, width, channels]`.
  public var isImage: Bool { dimensions.count == 3 }
  /// Rows of an image; 1 for a vector.
  public var height: Int { isImage ? dimensions[0] : 1 }
  /// Columns of an image; 1 for a vector.
  public var width: Int { isImage ? dimensions[1] : 1 }
  /// Channels of an image, features of a vector.
  public var channels: Int { dimensions[dimensions.count - 1] }
  /// Positions that share their channels' parameters: `height · width`.
  public var pixels: Int { height * width }
  /// Elements per sample.
  public var count: Int { dimensions.reduce(1, *) }

  /// For example `28×28×1`.
  public var description: String { dimensions.map(String.init).joined(separator: "×") }
}

extension Shape: Codable {
  /// Reads `[height, width, channels]` or `[features]`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let dimensions = try container.decode([Int].self)
    let limit = 1 << 20
    guard dimensions.count == 1 || dimensions.count == 3, dimensions.allSatisfy({ (1...limit).contains($0) }),
      dimensions.reduce(1, { min($0 * $1, 1 << 40) }) <= 1 << 26
    else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          "a shape is [height, width, channels] or [features], each at least 1 and at most \(1 << 26) elements in all; found \(dimensions)"
      )
    }
    self.init(dimensions: dimensions)
  }

  /// Writes the dimensions as an array.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }
}
