internal import Support

/// The header of a safetensors file: its contents, without the values. Source: the format's specification and its reference reader, safetensors 0.8.
///
/// A value of this type has passed every check: the ranges are inside the file, match their shapes, and cover the data without gap or overlap.
public struct SafetensorsHeader: Equatable, Sendable {
  /// The format's limit on the length of the JSON.
  public static let maximumByteCount = 100_000_000

  /// The strings that the writer stored beside the tensors.
  public let metadata: [String: String]
  /// All tensors, in the order of the header.
  public let entries: [SafetensorsEntry]
  /// The offset of the data, in bytes from the start of the file.
  public let dataOffset: Int

  /// Reads and checks the header of a file from its content, `bytes`.
  ///
  /// Memory grows with the bytes that exist, never with a number stored in them.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - path: the file's name in errors.
  /// - Throws: a `SafetensorsError` for anything that the reference reader rejects, and for repeated names.
  public init(bytes: [UInt8], path: String) throws(SafetensorsError) {
    try self.init(beginning: bytes, byteCount: bytes.count, path: path)
  }

  /// Reads and checks the header of a file from its first bytes.
  ///
  /// - Parameters:
  ///   - bytes: the file's bytes, at least to the end of the header, if the file is long enough.
  ///   - byteCount: the size of the whole file.
  init(beginning bytes: [UInt8], byteCount: Int, path: String) throws(SafetensorsError) {
    do throws(SafetensorsError.Problem) {
      let header = try Self.headerBytes(of: bytes)
      try Self.checkUTF8(header)
      let document = try SafetensorsHeaderDocument(header)
      metadata = document.metadata
      dataOffset = header.endIndex
      entries = try Self.entries(of: document, dataByteCount: byteCount - header.endIndex)
      try Self.checkCoverage(by: entries, dataOffset: header.endIndex, dataByteCount: byteCount - header.endIndex)
    } catch {
      throw SafetensorsError(path: path, problem: error)
    }
  }

  /// The JSON, which follows its length in 8 bytes.
  private static func headerBytes(of bytes: [UInt8]) throws(SafetensorsError.Problem) -> ArraySlice<UInt8> {
    guard bytes.count >= 8 else { throw .tooShort(byteCount: bytes.count) }
    let promised = bytes.littleEndian(at: 0, as: UInt64.self)
    guard promised <= UInt64(maximumByteCount) else {
      throw .headerTooLong(byteCount: promised, guess: ContentGuess.describe(bytes))
    }
    let byteCount = Int(promised)
    guard byteCount <= bytes.count - 8 else {
      throw .headerPastEnd(byteCount: byteCount, available: bytes.count - 8)
    }
    return bytes[8..<8 + byteCount]
  }

  private static func checkUTF8(_ header: ArraySlice<UInt8>) throws(SafetensorsError.Problem) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: header.span)
    } catch {
      throw .notUTF8(offset: header.startIndex + error.byteOffsets.lowerBound)
    }
  }

  /// The entries in the order of the header, each with a range that is inside the data and matches the shape.
  private static func entries(
    of document: SafetensorsHeaderDocument, dataByteCount: Int
  ) throws(SafetensorsError.Problem) -> [SafetensorsEntry] {
    var entries: [SafetensorsEntry] = []
    for (name, fields) in document.entries {
      do throws(SafetensorsError.TensorProblem) {
        entries.append(try SafetensorsEntry(name: name, fields: fields, dataByteCount: dataByteCount))
      } catch {
        throw .tensor(name: name, error)
      }
    }
    return entries
  }

  /// Checks that the sorted ranges follow each other without gap or overlap, from the first byte of the data to the last.
  private static func checkCoverage(
    by entries: [SafetensorsEntry], dataOffset: Int, dataByteCount: Int
  ) throws(SafetensorsError.Problem) {
    var end = 0
    var previous = ""
    let ordered = entries.sorted {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound) < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
    }
    for entry in ordered {
      let begin = entry.byteRange.lowerBound
      if begin > end { throw .tensor(name: entry.name, .gap(expected: end, found: begin)) }
      if begin < end { throw .tensor(name: entry.name, .overlap(other: previous, expected: end, found: begin)) }
      end = entry.byteRange.upperBound
      previous = entry.name
    }
    guard end == dataByteCount else { throw .trailingBytes(offset: dataOffset + end, count: dataByteCount - end) }
  }
}
