package import Interchange

/// Names tensors by their content alone: names, shapes and every bit, whatever else a file says of them.
package enum TensorDigest {
  /// The SHA-256 of the safetensors file that holds the tensors, sorted by name, and no metadata: what the reference library's
  /// `safetensors.numpy.save` makes of them.
  package static func hexadecimal(of tensors: [NamedTensor]) -> String {
    let sorted = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return SafetensorsFile(tensors: sorted).sha256
  }
}
