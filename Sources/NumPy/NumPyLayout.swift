/// Where the elements of a large `.npy` file are, from its beginning alone, for readers that do not want all of it in memory.
public struct NumPyLayout: Equatable, Sendable {
  /// The type of the elements.
  public let elementType: NumPyElementType
  /// The dimensions, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The bytes of the file that hold the elements.
  public private(set) var data: Range<Int>
  /// Whether the elements are stored as `NumPyArray.bytes` gives them: row-major and little-endian.
  public let isPlain: Bool

  /// How many bytes of a file are enough; a shorter file is needed as a whole.
  public static let beginningByteCount = NumPyHeader.maximumByteCount + 12

  /// Reads the header.
  ///
  /// - Parameters:
  ///   - beginning: the first bytes of the file.
  ///   - byteCount: the size of the file.
  ///   - path: the file's name in errors.
  public init(beginning: [UInt8], byteCount: Int, path: String) throws(NumPyError) {
    do throws(NumPyError.Problem) {
      let header = try NumPyHeader(beginning)
      let found = byteCount - header.dataOffset
      guard header.dataByteCount == found else {
        throw .wrongByteCount(
          shape: header.shape, elementType: header.elementType, expected: header.dataByteCount, found: found)
      }
      elementType = header.elementType
      shape = header.shape
      data = header.dataOffset..<byteCount
      isPlain =
        (!header.isBigEndian || header.elementType.byteCount == 1)
        && (!header.isColumnMajor || header.shape.count <= 1)
    } catch {
      throw NumPyError(path: path, problem: error)
    }
  }

  /// The same file as a part of another one.
  func moved(by offset: Int) -> NumPyLayout {
    var layout = self
    layout.data = data.lowerBound + offset..<data.upperBound + offset
    return layout
  }
}
