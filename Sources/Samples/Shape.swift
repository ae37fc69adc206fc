internal import Support

/// The shape of one sample, or of its activations, without the batch dimension.
///
/// An image is `[height, width, channels]`, channels fastest; a vector is `[features]`. The vector of a flatten layer
/// remembers the shape of its image, because files store the weights after a flatten in channels-first order.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// Rows of an image; 1 for a vector.
  public let height: Int
  /// Columns of an image; 1 for a vector.
  public let width: Int
  /// Channels of an image, features of a vector.
  public let channels: Int
  /// Whether this is `[height, width, channels]`.
  public let isImage: Bool
  /// The shape of the image before flattening.
  private let origin: Extents?

  private struct Extents: Hashable {
    let height: Int
    let width: Int
    let channels: Int
  }

  private init(height: Int = 1, width: Int = 1, channels: Int, isImage: Bool, origin: Extents? = nil) {
    self.height = height
    self.width = width
    self.channels = channels
    self.isImage = isImage
    self.origin = origin
    require(
      height > 0 && width > 0 && channels > 0, "Shape: every dimension must be positive, found \(dimensions)")
  }

  /// An image of the given size; every dimension must be positive.
  public static func image(height: Int, width: Int, channels: Int) -> Shape {
    Shape(height: height, width: width, channels: channels, isImage: true)
  }

  /// A vector of features; their number must be positive.
  public static func vector(_ features: Int) -> Shape {
    Shape(channels: features, isImage: false)
  }

  /// `[height, width, channels]` or `[features]`.
  public var dimensions: [Int] { isImage ? [height, width, channels] : [channels] }

  /// The shape of the image before flattening, `[height, width, channels]`; nil if files have the same order.
  public var flattenedFrom: [Int]? { origin.map { [$0.height, $0.width, $0.channels] } }

  /// This shape as one vector, row-major: `[H, W, C] → [H · W · C]`.
  ///
  /// With one pixel or one channel both orders are the same, so there is nothing to remember.
  public var flattened: Shape {
    guard isImage else { return self }
    let isReordered = pixels > 1 && channels > 1
    return Shape(
      channels: count, isImage: false,
      origin: isReordered ? Extents(height: height, width: width, channels: channels) : nil)
  }

  /// The number of positions, which share the parameters of their channels: `height · width`.
  public var pixels: Int { height * width }
  /// Elements per sample.
  public var count: Int { height * width * channels }

  /// The largest number of elements of a sample anywhere in a network. A larger number is a mistake in a model file, and computing with it would
  /// overflow.
  package static let largestCount = 1 << 26

  /// Whether the shape has at most `largestCount` elements.
  package var isWithinLimit: Bool { Self.largestCount / height / width / channels >= 1 }

  /// For example `28×28×1`.
  public var description: String { dimensions.map(String.init).joined(separator: "×") }
}

extension Shape: Codable {
  /// Reads `[height, width, channels]` or `[features]`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let dimensions = container.wholeNumbers(), dimensions.count == 1 || dimensions.count == 3,
      dimensions.allSatisfy({ $0 > 0 })
    else { throw Self.refusal(container) }
    self =
      dimensions.count == 1
      ? .vector(dimensions[0]) : .image(height: dimensions[0], width: dimensions[1], channels: dimensions[2])
    guard isWithinLimit else { throw Self.refusal(container) }
  }

  private static func refusal(_ container: any SingleValueDecodingContainer) -> DecodingError {
    DecodingError.dataCorruptedError(
      in: container,
      debugDescription:
        "a shape is [height, width, channels] or [features], each a whole number of at least 1, and at most \(largestCount) elements in all"
    )
  }

  /// Writes the dimensions as an array.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }
}
