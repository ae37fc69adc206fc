public import Files

/// The contents of an IDX file: a row-major array of numbers, and its origin.
public struct IDXArray: Sendable {
  /// The file that the array was read from.
  public let path: String

  /// The type of the elements.
  public let elementType: IDXElementType

  /// The extents, slowest first: images have [N, H, W] or [N, H, W, C], labels [N].
  public let dimensions: [Int]

  /// The elements as in the file, row-major and big-endian; for unsigned bytes, the values themselves.
  public let bytes: StoredBytes

  /// Whether the file was a gzip file.
  public let isCompressed: Bool

  /// The position of the element at `index`, for error messages.
  func position(ofElement index: Int) -> DatasetError.Position {
    position(4 + 4 * dimensions.count + index * elementType.byteCount)
  }

  /// The position of the byte at `offset` of the IDX data.
  func position(_ offset: Int) -> DatasetError.Position {
    isCompressed ? .unpacked(offset) : .file(offset)
  }
}
