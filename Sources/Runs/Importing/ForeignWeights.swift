package import Interchange
package import Support
internal import Terminal

/// Weights in other programs' own formats.
package enum ForeignWeights {
  /// Whether a path names a file written by `torch.save`.
  package static func isPyTorch(_ path: String) -> Bool {
    let name = path.lowercased()
    return [".pt", ".pth", ".ckpt", ".bin"].contains(where: name.endsWith(bytesOf:))
  }

  /// The state dictionary in a PyTorch file. If it lies within a checkpoint, a note says where, and what was left out.
  package static func stateDictionary(_ path: String) throws(InterchangeError) -> SafetensorsFile {
    let file = try PyTorchFile(contentsOf: path)
    let place = file.keys.isEmpty ? "" : " under \"\(file.keys.joined(separator: "."))\""
    // The state of an optimizer may have thousands of entries, too many to list.
    let shown = file.leftOut.prefix(8).joined(separator: ", ")
    let more = file.leftOut.count > 8 ? " and \(file.leftOut.count - 8) more" : ""
    if !file.leftOut.isEmpty {
      Console().note(
        "\(path): read the weights\(place.isEmpty ? " from entries with a tensor" : place); left out: \(shown)\(more).")
    } else if !place.isEmpty {
      Console().note("\(path): read the weights\(place).")
    }
    return file.content
  }

  /// The failure for a format that is not supported, with the Python lines that convert the file; nil for other files.
  package static func recipe(for path: String) -> Failure? {
    let name = path.lowercased()
    guard [".keras", ".h5", ".hdf5"].contains(where: name.endsWith(bytesOf:)) else { return nil }
    return Failure(
      .badData,
      "\(path): Keras's own files are not supported; in Python, write the arrays with numpy.savez, as the page on 'import' shows, "
        + "or the model with keras.Model.export(format='onnx').")
  }
}
