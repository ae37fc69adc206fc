public import Files
public import NumPy
package import Support

/// Why a file could not be read.
public enum InterchangeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file itself could not be opened or read.
  case file(FileError)
  /// The content is not an acceptable safetensors file.
  case safetensors(SafetensorsError)
  /// The content is not an acceptable `.npy` file.
  case numPy(NumPyError)
  /// The content is not an acceptable ZIP archive (an `.npz` file is one).
  case zip(ZipError)

  /// The content is not a readable PyTorch checkpoint.
  case pyTorch(PyTorchError)
  /// The content is not a readable ONNX model.
  case onnx(ONNXImportError)

  /// One line that says what failed, where, and what to do about it.
  public var description: String { diagnostic.description }

  /// The parts of the message.
  package var diagnostic: Diagnostic {
    switch self {
    case .file(let error): error.diagnostic
    case .safetensors(let error): error.diagnostic
    case .numPy(let error): error.diagnostic
    case .zip(let error): error.diagnostic
    case .onnx(let error): error.diagnostic
    case .pyTorch(let error): error.diagnostic
    }
  }

  /// All bytes of a file, or `.file` if it cannot be read.
  static func content(ofFileAt path: String, maximumByteCount: Int) throws(InterchangeError) -> [UInt8] {
    do throws(FileError) {
      return try FileReader.bytes(ofFileAt: path, maximumByteCount: maximumByteCount)
    } catch {
      throw .file(error)
    }
  }
}
