package import Support

/// Why bytes are not an acceptable `.npy` file.
public struct NumPyError: Error, Equatable, Sendable {
  /// What is wrong. Offsets are in bytes from the start of the file.
  public enum Problem: Error, Equatable, Sendable {
    /// The file is too short for the magic number, the version and the header's length.
    case tooShort(byteCount: Int)
    /// The magic number is missing; with a guess of what the file is.
    case notNumPy(guess: String?)
    /// A version of the format that does not exist yet.
    case unknownVersion(Int, Int)
    /// A header longer than NumPy itself accepts.
    case headerTooLong(byteCount: Int)
    /// A header that would end after the end of the file.
    case headerPastEnd(byteCount: Int, available: Int)
    /// A header that is not a dictionary of the expected form.
    case malformedHeader(offset: Int, expected: String)
    /// One of the three keys is missing.
    case missingKey(String)
    /// One of them occurs twice.
    case repeatedKey(String)
    /// An unknown key.
    case unknownKey(String)
    /// A value of the wrong type.
    case wrongValue(key: String, expected: String)
    /// Elements with fields.
    case structuredType
    /// Elements of an unsupported type, such as objects or texts.
    case unknownElementType(String)
    /// A shape whose size in bytes overflows.
    case sizeOverflow(shape: [Int])
    /// Too few or too many bytes of data.
    case wrongByteCount(shape: [Int], elementType: NumPyElementType, expected: Int, found: Int)
  }

  /// The file, as the caller named it; for an array in an archive, with the array's name.
  public let path: String
  /// What is wrong.
  public let problem: Problem

  /// Describes a problem of the file at `path`.
  public init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }
}

extension NumPyError: CustomStringConvertible {
  /// One line: the file, the position, what is wrong, what was expected and found, and what to do about it.
  public var description: String {
    diagnostic.description
  }

  /// The file, what is wrong with it, and what to do about it.
  package var diagnostic: Diagnostic {
    Diagnostic(
      place: path, problem: "not an acceptable .npy file: \(problem.finding)", advice: problem.advice)
  }
}

extension NumPyError.Problem {
  fileprivate var finding: String {
    switch self {
    case .tooShort(let byteCount):
      return "expected at least 10 bytes before the header, found \(byteCount)"
    case .notNumPy(let guess?):
      return "it looks like \(guess)"
    case .notNumPy(nil):
      return "it does not begin with the bytes 93 4E 55 4D 50 59"
    case .unknownVersion(let major, let minor):
      return "it has version \(major).\(minor) of the format, expected 1.0, 2.0 or 3.0"
    case .headerTooLong(let byteCount):
      return "the header's length at offset 8 is \(byteCount), expected at most \(NumPyHeader.maximumByteCount)"
    case .headerPastEnd(let byteCount, let available):
      return "the header's length at offset 8 is \(byteCount), but only \(available) bytes follow"
    case .malformedHeader(let offset, let expected):
      return "expected \(expected) at offset \(offset)"
    case .missingKey(let key):
      return "the header has no '\(key)'"
    case .repeatedKey(let key):
      return "the header has the key '\(key)' twice"
    case .unknownKey(let key):
      return "the header has the key \(ForeignText.quoted(key)), expected only descr, fortran_order and shape"
    case .wrongValue(let key, let expected):
      return "'\(key)' in the header has the wrong type, expected \(expected)"
    case .structuredType:
      return "its elements have fields, expected plain numbers"
    case .unknownElementType(let text):
      let known = NumPyElementType.allCases.map(\.rawValue).joined(separator: ", ")
      return "its elements are of the type \(ForeignText.quoted(text)), expected one of \(known) after the byte order"
    case .sizeOverflow(let shape):
      return "its shape \(ForeignText.shape(shape)) is too large"
    case .wrongByteCount(let shape, let type, let expected, let found):
      return "its shape \(ForeignText.shape(shape)) of \(type.rawValue) needs \(expected) bytes of data, found \(found)"
    }
  }

  /// For damage, the advice is another copy; an array of the wrong kind must be written again.
  fileprivate var advice: String {
    switch self {
    case .notNumPy(_?): "name an .npy file"
    case .structuredType, .unknownElementType: "convert the array to numbers, for example with astype('float32')"
    case .unknownVersion: "write it again with numpy.save"
    default: "it is damaged, incomplete or in another format: copy it again or write it again with numpy.save"
    }
  }
}
