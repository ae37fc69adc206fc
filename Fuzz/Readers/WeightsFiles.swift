internal import Interchange
internal import JacquardEngine
internal import Runs

/// safetensors files: as such and as checkpoints.
enum WeightsFiles {
  static func readSafetensors(_ bytes: [UInt8]) {
    guard let file = try? SafetensorsFile(bytes: bytes, path: "fuzz.safetensors") else { return }
    // The content can be written, and reads back unchanged.
    let written = file.serialized()
    guard let again = try? SafetensorsFile(bytes: written, path: "again.safetensors") else {
      preconditionFailure("a written file cannot be read")
    }
    precondition(again.metadata == file.metadata)
    precondition(again.tensors.map(\.name) == file.tensors.map(\.name))
    precondition(again.tensors.map(\.shape) == file.tensors.map(\.shape))
    for (one, other) in zip(again.tensors, file.tensors) {
      precondition(one.values.map(\.bitPattern) == other.values.map(\.bitPattern))
    }
    precondition(again.serialized() == written)
  }

  /// A file that contains its model: the claimed sizes are compared with the content before memory is allocated.
  static func readCheckpoint(_ bytes: [UInt8]) {
    FuzzFile.with(bytes) { path in
      guard let checkpoint = try? Checkpoint(path, model: nil), let network = try? checkpoint.network() else { return }
      // Half precision, or bytes.
      let smallest = network.quantization == nil ? 2 : 1
      precondition(network.parameterCount * smallest <= bytes.count, "more parameters than the file can hold")
      ModelFiles.predict(network)
    }
  }
}
