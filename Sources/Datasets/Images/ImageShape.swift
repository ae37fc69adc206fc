internal import Support

/// The extents of one image, as it lies in memory: [height, width, channels], channels fastest.
public struct ImageShape: Hashable, Sendable {
  /// Rows.
  public let height: Int

  /// Pixels in a row.
  public let width: Int

  /// Values per pixel.
  public let channels: Int

  /// Makes a shape.
  ///
  /// - Precondition: each extent is at least 1.
  public init(height: Int, width: Int, channels: Int) {
    require(
      height > 0 && width > 0 && channels > 0,
      "ImageShape: \(height) × \(width) × \(channels) has an empty axis; every extent must be at least 1.")
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// The values of one image: height × width × channels.
  public var elementCount: Int { height * width * channels }
}
