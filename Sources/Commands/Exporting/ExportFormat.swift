internal import Support
internal import ArgumentParser

/// The formats of `export`.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  /// An ONNX model.
  case onnx
  /// safetensors, with PyTorch's names and layouts.
  case safetensors
  /// NumPy's archive of arrays, with the same names and layouts.
  case npz

  /// The format that a file name's extension selects; nil if it selects none.
  init?(fileName: String) {
    guard let format = Self.allCases.first(where: { fileName.endsWith(bytesOf: "." + $0.rawValue) }) else { return nil }
    self = format
  }
}
