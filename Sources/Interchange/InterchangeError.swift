public import Files
public import NumPy

/// Why a file of some format could not be read.
public enum InterchangeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file itself could not be opened or read.
  case file(FileError)
  /// The content is not an acceptable safetensors file.
  case safetensors(SafetensorsError)
  /// The content is not an acceptable `.npy` file.
  case numPy(NumPyError)
  /// The content is not an acceptable ZIP archive, which an `.npz` file is.
  case zip(ZipError)

  /// The content is not an ONNX model that can be read.
  case onnx(ONNXImportError)

  /// One line that says what failed, where, and what to do about it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .safetensors(let error): error.description
    case .numPy(let error): error.description
    case .zip(let error): error.description
    case .onnx(let error): error.description
    }
  }
}
