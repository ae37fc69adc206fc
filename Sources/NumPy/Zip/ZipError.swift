package import Support

/// Why bytes are not an acceptable ZIP archive.
public struct ZipError: Error, Equatable, Sendable {
  /// What is wrong. Offsets are in bytes from the start of the file.
  public enum Problem: Error, Equatable, Sendable {
    /// The end record, which locates the directory, is missing; with a guess of what the file is.
    case noDirectory(guess: String?)
    /// An entry of the directory that is invalid or incomplete.
    case damagedDirectory(offset: Int)
    /// A file whose header is not where the directory says, or whose content would overlap the directory.
    case damagedHeader(name: String, offset: Int)
    /// Sizes of 4 GiB and more.
    case tooLarge
    /// More content than the reader accepts.
    case contentTooLarge(maximum: Int)
    /// An encrypted file.
    case encrypted(name: String)
    /// An unsupported compression method.
    case unknownMethod(name: String, Int)
    /// Two files with the same name.
    case repeatedName(String)
    /// Two files share bytes.
    case overlap(String, String)
    /// A size that does not match the packed content.
    case wrongSize(name: String, expected: Int, found: Int)
    /// A checksum that does not match the content.
    case wrongChecksum(name: String, expected: UInt32, found: UInt32)
    /// Packed content that ends too early.
    case cutShort(name: String)
    /// Content that is not valid deflate data.
    case damaged(name: String, reason: String)
    /// There is not enough memory to unpack.
    case outOfMemory
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

extension ZipError: CustomStringConvertible {
  /// One line: the file, the position, what is wrong, what was expected and found, and what to do about it.
  public var description: String {
    diagnostic.description
  }

  /// The file, what is wrong with it, and what to do about it.
  package var diagnostic: Diagnostic {
    Diagnostic(
      place: path, problem: "not an acceptable .npz file: \(problem.finding)", advice: problem.advice)
  }
}

extension ZipError.Problem {
  /// The problem, independent of the archive's purpose.
  package var finding: String {
    switch self {
    case .noDirectory(let guess?):
      "it looks like \(guess)"
    case .noDirectory(nil):
      "it has no ZIP directory at its end"
    case .damagedDirectory(let offset):
      "the ZIP directory's entry at offset \(offset) is damaged"
    case .damagedHeader(let name, let offset):
      "\(ForeignText.quoted(name)) should begin at offset \(offset), but does not, or does not end before the directory"
    case .tooLarge:
      "it is a ZIP64 archive, expected less than 4 GiB and 65,535 members"
    case .contentTooLarge(let maximum):
      "it unpacks to more than the limit of \(maximum) bytes"
    case .encrypted(let name):
      "\(ForeignText.quoted(name)) is encrypted"
    case .unknownMethod(let name, let method):
      "\(ForeignText.quoted(name)) is compressed by method \(method), expected 0 (stored) or 8 (deflated)"
    case .repeatedName(let name):
      "the name \(ForeignText.quoted(name)) occurs twice"
    case .overlap(let one, let other):
      "\(ForeignText.quoted(one)) and \(ForeignText.quoted(other)) share bytes"
    case .wrongSize(let name, let expected, let found):
      "\(ForeignText.quoted(name)) should have \(expected) bytes, which does not match the \(found) bytes found"
    case .wrongChecksum(let name, let expected, let found):
      "\(ForeignText.quoted(name)) has the CRC-32 \(NumberText.hexadecimal(found)), expected \(NumberText.hexadecimal(expected))"
    case .cutShort(let name):
      "\(ForeignText.quoted(name)) ends before its packed content does"
    case .damaged(let name, let reason):
      "\(ForeignText.quoted(name)) cannot be unpacked: \(reason)"
    case .outOfMemory:
      "there is not enough memory to unpack it"
    }
  }

  fileprivate var advice: String {
    switch self {
    case .noDirectory(_?): "name an .npz file"
    case .encrypted, .unknownMethod, .repeatedName: "write it again with numpy.savez"
    case .tooLarge, .contentTooLarge: "save the arrays as .npy files"
    case .outOfMemory: "free some memory"
    default: "it is damaged or incomplete: copy or write it again"
    }
  }
}
