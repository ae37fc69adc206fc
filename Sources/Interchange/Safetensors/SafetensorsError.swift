/// Why bytes are not an acceptable safetensors file.
///
/// Offsets are in bytes from the start of the file, except those of a tensor's range, which the format counts from the end of the
/// header.
public struct SafetensorsError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Problem: Error, Equatable, Sendable {
    /// Fewer than the 8 bytes that hold the header's length.
    case tooShort(byteCount: Int)
    /// A header length above the format's limit; with a guess of what the file is instead.
    case headerTooLong(byteCount: UInt64, guess: String?)
    /// A header that would end after the end of the file.
    case headerPastEnd(byteCount: Int, available: Int)
    /// A header that is not UTF-8.
    case notUTF8(offset: Int)
    /// A header that does not start with an object.
    case notAnObject(offset: Int)
    /// A header that is not JSON; the offset is that of the fault if it is known, otherwise that of the header.
    case malformedJSON(offset: Int, reason: String)
    /// Objects or arrays nested more deeply than any file needs.
    case tooDeep(offset: Int, limit: Int)
    /// A number with a sign, a fraction or an exponent, or one of 2^63 or more.
    case notAWholeNumber(offset: Int)
    /// Two tensors of one name, or two blocks of metadata.
    case repeatedName(String, offset: Int)
    /// A key twice in an entry of the header.
    case repeatedKey(String, entry: String, offset: Int)
    /// Metadata that does not map strings to strings; with the key, if one value is not a string.
    case metadataNotText(key: String?)
    /// An entry that does not describe a tensor of this file.
    case tensor(name: String, TensorProblem)
    /// Bytes after the last tensor.
    case trailingBytes(offset: Int, count: Int)
    /// The content does not match the file's own checksum.
    case damaged(stated: String, found: String)
  }

  /// What is wrong with the entry of one tensor.
  public enum TensorProblem: Error, Equatable, Sendable {
    /// One of the three fields is missing.
    case missingField(String)
    /// The entry (no field), or a field of it, has the wrong type.
    case malformedField(String?, expected: String)
    /// An element type that is not part of the format.
    case unknownElementType(String)
    /// A shape whose size in bytes overflows.
    case sizeOverflow(shape: [Int])
    /// Elements smaller than a byte that do not fill the last byte.
    case partialByte(shape: [Int], elementType: SafetensorsElementType)
    /// A range that ends before it begins.
    case reversedRange(begin: Int, end: Int)
    /// A range that ends after the end of the file.
    case rangePastEnd(end: Int, available: Int)
    /// A range whose length does not match the shape.
    case wrongByteCount(shape: [Int], elementType: SafetensorsElementType, expected: Int, found: Int)
    /// Bytes before the range that belong to no tensor.
    case gap(expected: Int, found: Int)
    /// The range begins inside the range of another tensor.
    case overlap(other: String, expected: Int, found: Int)
  }

  /// The file, as the caller named it.
  public let path: String
  /// What is wrong.
  public let problem: Problem

  /// Describes a problem of the file at `path`.
  public init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }
}
