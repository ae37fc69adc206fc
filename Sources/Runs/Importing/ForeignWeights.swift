package import Interchange
package import Support
internal import Terminal

/// Weights in the own formats of other programs.
package enum ForeignWeights {
  /// Whether a path is that of a file that `torch.save` wrote.
  package static func isPyTorch(_ path: String) -> Bool {
    let name = path.lowercased()
    return [".pt", ".pth", ".ckpt", ".bin"].contains(where: name.endsWith(bytesOf:))
  }

  /// The state dictionary in a PyTorch file. Where it lies in a checkpoint, a note says where, and what is left out.
  package static func stateDictionary(_ path: String) throws(InterchangeError) -> SafetensorsFile {
    let file = try PyTorchFile(contentsOf: path)
    let place = file.keys.isEmpty ? "" : " under \"\(file.keys.joined(separator: "."))\""
    // A checkpoint of an optimizer with thousands of entries needs no list of them.
    let shown = file.leftOut.prefix(8).joined(separator: ", ")
    let more = file.leftOut.count > 8 ? " and \(file.leftOut.count - 8) more" : ""
    if !file.leftOut.isEmpty {
      Console().note(
        "\(path): the weights are those\(place.isEmpty ? " with a tensor" : place); left out: \(shown)\(more).")
    } else if !place.isEmpty {
      Console().note("\(path): the weights are those\(place).")
    }
    return file.content
  }

  /// The refusal of a file that is not read, with the lines that turn it into one that is; nil for others.
  package static func recipe(for path: String) -> Failure? {
    let name = path.lowercased()
    guard [".keras", ".h5", ".hdf5"].contains(where: name.endsWith(bytesOf:)) else { return nil }
    return Failure(
      .badData,
      "\(path): Keras's own files are not read; in Python, write its arrays with numpy.savez, as the page of 'import' shows, "
        + "or the model with keras.Model.export(format='onnx').")
  }
}
