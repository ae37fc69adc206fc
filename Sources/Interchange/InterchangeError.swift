/// Why a file of some format could not be read.
public enum InterchangeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file itself could not be opened or read.
  case file(FileError)
  /// The content is not an acceptable safetensors file.
  case safetensors(SafetensorsError)

  /// One line that says what failed, where, and what to do about it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .safetensors(let error): error.description
    }
  }
}
