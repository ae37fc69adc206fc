internal import Support
internal import ArgumentParser

/// What `export` writes.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  /// An ONNX model.
  case onnx
  /// safetensors, with PyTorch's names and layouts.
  case safetensors
  /// NumPy's archive of arrays, with the same names and layouts.
  case npz

  /// The format that a file's name asks for; nil if it does not say.
  init?(fileName: String) {
    guard let format = Self.allCases.first(where: { fileName.endsWith(bytesOf: "." + $0.rawValue) }) else { return nil }
    self = format
  }
}
