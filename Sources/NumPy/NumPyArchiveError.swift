package import Support

/// Why bytes are not an acceptable `.npz` file.
public enum NumPyArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
  /// They are not an acceptable ZIP archive.
  case zip(ZipError)
  /// One of the arrays in it is not acceptable.
  case numPy(NumPyError)

  /// One line: the file, what is wrong with it, and what to do about it.
  public var description: String { diagnostic.description }

  /// The parts of the message.
  package var diagnostic: Diagnostic {
    switch self {
    case .zip(let error): error.diagnostic
    case .numPy(let error): error.diagnostic
    }
  }
}
