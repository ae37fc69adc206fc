package import Interchange

/// Identifies tensors by their content alone: names, shapes and every bit, without metadata.
package enum TensorDigest {
  /// The SHA-256 of a safetensors file with these tensors, sorted by name, and no metadata, as the reference library's
  /// `safetensors.numpy.save` writes it.
  package static func hexadecimal(of tensors: [NamedTensor]) -> String {
    let sorted = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return SafetensorsFile(tensors: sorted).sha256
  }
}
