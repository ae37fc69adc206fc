package import JacquardEngine
package import Support

/// A checkpoint of `--teacher`, whose answers a training imitates.
package struct Teacher: Sendable {
  /// The checkpoint as the user named it.
  package let path: String
  /// Its network.
  package let network: Network
  /// What was assumed about it, a sentence for each.
  package let notes: [MessageText]

  /// Reads a checkpoint.
  ///
  /// - Parameters:
  ///   - path: A run folder, a weights file, an ONNX file, or the name of a run that comes with the program.
  ///   - student: The model that is trained, which has the shape and the classes of the data.
  ///   - data: The data's path, for messages.
  ///   - options: How the network computes.
  /// - Throws: a `Failure` that names the checkpoint, and how it differs from the data.
  package init(_ path: String, of student: Model, data: String, options: ComputeOptions) throws(Failure) {
    let checkpoint = try Checkpoint(path, model: nil)
    let model = checkpoint.model
    guard model.inputShape == student.inputShape else {
      throw Failure(
        .badData,
        "\(.teacher) \(path): the network takes inputs of \(model.inputShape), but the images of \(data) are \(student.inputShape); "
          + "choose a teacher for such images, or resize pictures with \(.imageSize).")
    }
    try Self.check(model.classNames, of: path, are: student.classNames, of: data)
    _ = try model.normalization()
    network = try checkpoint.network(options: options)
    try Checkpoint.requireFinite(network, path: checkpoint.path)
    self.path = path
    notes =
      checkpoint.preprocessingOrigin == .assumed
      ? [
        "\(path): the file does not say how pixels become inputs; assuming \(model.preprocessing.text); if that is wrong, "
          + "convert it with 'jacquard import', which takes \(.mean) and \(.deviation)"
      ] : []
  }

  /// The file of a teacher's weights.
  ///
  /// - Throws: a `Failure` of the kind `noInput`.
  package static func file(_ path: String) throws(Failure) -> String { try CheckpointPath.weights(of: path) }

  /// Rejects classes other than the data's. Classes that are only numbers, as in files without names, go by number.
  private static func check(
    _ names: [String], of path: String, are expected: [String], of data: String
  ) throws(Failure) {
    guard names.count == expected.count else {
      throw Failure(
        .badData,
        "\(.teacher) \(path): the network has \(names.count) classes, but \(data) has \(expected.count); "
          + "choose a teacher for the same classes.")
    }
    if names == names.indices.map(String.init), expected.contains(where: { Int($0) == nil }) { return }
    let place = names.indices.first { ExactText(names[$0]) != ExactText(expected[$0]) }
    guard let place else { return }
    throw Failure(
      .badData,
      "\(.teacher) \(path): class \(place) of the network is '\(names[place])', but that of \(data) is '\(expected[place])'; "
        + "choose a teacher for the same classes in the same order.")
  }
}
