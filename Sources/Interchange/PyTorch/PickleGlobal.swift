/// The globals that a pickle of tensors may name. None of them is ever called: the reader knows their meaning.
enum PickleGlobal {
  /// The functions and types that make dictionaries and tensors.
  private static let known: Set<String> = [
    "collections.OrderedDict", "torch.Size", "torch.device", "torch._utils._rebuild_tensor",
    "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_parameter_with_state",
    // How protocol 2 writes bytes.
    "_codecs.encode",
  ]

  /// Types of elements that appear alone in checkpoints, such as `torch.float32`.
  private static let elementTypes: Set<String> = [
    "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64",
    "complex128",
  ]

  /// The storage types, by their names in `torch` and `torch.cuda`.
  private static let storages: [String: SafetensorsElementType] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8,
    "BoolStorage": .bool, "ComplexFloatStorage": .complex64,
  ]

  /// The value of a global.
  ///
  /// - Throws: `.notRun` for a global that tensors do not need.
  static func value(module: String, name: String) throws(PyTorchError.Problem) -> PickleValue {
    let path = "\(module).\(name)"
    guard
      known.contains(path) || module == "torch" && elementTypes.contains(name) || elementType(ofStorage: path) != nil
    else { throw .notRun(path) }
    return .global(path)
  }

  /// The element type of a storage type; nil for all other globals.
  static func elementType(ofStorage path: String) -> SafetensorsElementType? {
    for module in ["torch.", "torch.cuda."] where path.hasPrefix(module) {
      if let type = storages[String(path.dropFirst(module.count))] { return type }
    }
    return nil
  }
}
