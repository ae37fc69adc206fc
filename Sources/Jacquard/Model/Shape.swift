internal import Support

/// The shape of one sample's activations, without the batch dimension.
///
/// An image is `[height, width, channels]`, a vector `[features]`. A vector that came out of a flatten remembers the
/// image it was, because files store the weights behind a flatten in channels-first order.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// `[height, width, channels]` or `[features]`.
  public let dimensions: [Int]
  /// The image that a flattened vector was, `[height, width, channels]`; nil where its order is the same in files.
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

  /// The shape of Fashion-MNIST's images, 28×28×1.
  public static let fashionMNIST = Shape.image(height: 28, width: 28, channels: 1)

  /// A vector of features; their number must be positive.
  public static func vector(_ features: Int) -> Shape {
    Shape(dimensions: [features])
  }

  /// This shape as one vector, row-major: `[H, W, C] → [H · W · C]`.
  ///
  /// With one pixel or one channel the order is the same everywhere, so there is nothing to remember.
  public var flattened: Shape {
    isImage ? Shape(dimensions: [count], flattenedFrom: pixels > 1 && channels > 1 ? dimensions : nil) : self
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

  /// The most elements that a sample may have anywhere in a network: more is a mistake in a model file, and computing
  /// with such sizes would overflow.
  static let largestCount = 1 << 26

  /// Whether the shape has at most `largestCount` elements.
  package var isWithinLimit: Bool {
    var rest = Self.largestCount
    for dimension in dimensions { rest /= dimension }
    return rest >= 1
  }

  /// For example `28×28×1`.
  public var description: String { dimensions.map(String.init).joined(separator: "×") }
}

extension Shape: Codable {
  /// Reads `[height, width, channels]` or `[features]`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let dimensions = container.wholeNumbers(), dimensions.count == 1 || dimensions.count == 3,
      dimensions.allSatisfy({ $0 > 0 }), Shape(dimensions: dimensions).isWithinLimit
    else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          "a shape is [height, width, channels] or [features], each a whole number of at least 1, and at most \(Shape.largestCount) elements in all"
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
