internal import JacquardEngine
package import Support

/// Files of other programs that are not read: what to do with them.
package enum ForeignWeights {
  /// The refusal of a file with such a name, with the lines that turn it into one that is read; nil for others.
  package static func recipe(for path: String) -> Failure? {
    let name = path.lowercased()
    if [".pt", ".pth", ".ckpt"].contains(where: name.endsWith(bytesOf:)) {
      return Failure(
        .badData,
        "\(path): PyTorch's own files hold a program, which is never run here; in Python, safetensors.torch.save_file("
          + "torch.load('\(path)', weights_only=True), 'weights.safetensors') makes one that is read, with \(.model), "
          + "and torch.onnx.export writes the model, too.")
    }
    if [".keras", ".h5", ".hdf5"].contains(where: name.endsWith(bytesOf:)) {
      return Failure(
        .badData,
        "\(path): Keras's own files are not read; in Python, write its arrays with numpy.savez, as the page of 'import' shows, "
          + "or the model with keras.Model.export(format='onnx').")
    }
    return nil
  }
}
