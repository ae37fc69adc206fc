internal import BLAS
internal import Support
internal import Interchange
package import JacquardEngine

/// A weights file: tensors in PyTorch's names and layout, and the model and its origin as metadata.
package struct Checkpoint {
  /// The keys of the metadata.
  typealias MetadataKey = WeightsFile.MetadataKey

  /// The file.
  let path: String
  /// What the weights are for.
  package let model: Model
  /// Where the model's preprocessing comes from.
  let preprocessingOrigin: PreprocessingSource
  /// How they came about; nil where the file does not say.
  let provenance: JSONValue?
  private let file: SafetensorsFile

  /// Reads a checkpoint.
  ///
  /// - Parameters:
  ///   - checkpoint: A run folder or a weights file.
  ///   - modelText: A model's name or file, which takes precedence over the one that the file holds.
  ///   - preprocessing: Flags that take precedence over what file and model say.
  /// - Throws: a `CommandFailure` that names the file and what is wrong with it.
  package init(_ checkpoint: String, model modelText: String?) throws(CommandFailure) {
    try self.init(checkpoint, model: modelText, preprocessing: nil)
  }

  /// The same with flags.
  init(
    _ checkpoint: String, model modelText: String?, preprocessing: PreprocessingOptions?
  ) throws(CommandFailure) {
    path = try CheckpointPath.weights(of: checkpoint)
    var origin = PreprocessingSource.file
    if ImportedModel.isMeant(by: path) {
      let imported = try ImportedModel(path)
      file = imported.file
      origin = imported.origin
    } else {
      file = try Self.read(path)
    }
    var model: Model
    provenance = file.metadata[MetadataKey.provenance].flatMap { try? JSONReader.value(of: Array($0.utf8)) }
    if let modelText {
      model = try ModelReference.model(modelText)
      let saysNothing = file.metadata[MetadataKey.model] == nil && file.metadata[MetadataKey.preprocessing] == nil
      origin =
        try ModelReference.statesPreprocessing(modelText)
        ? .model : saysNothing || origin == .assumed ? .assumed : .model
      try Self.checkAgreement(of: file, path: path, with: model)
    } else if let json = file.metadata[MetadataKey.model] {
      do throws(ModelError) {
        model = try Model(json: json)
      } catch {
        throw CommandFailure(.badData, "\(path): the model in its metadata cannot be used: \(error)")
      }
    } else {
      throw CommandFailure(
        .usage,
        "\(path): the file does not say which model it is for; name it with --model, with the default preprocessing.")
    }
    if let stated = try preprocessing?.stated(for: model, path: path) {
      model.preprocessing = stated
      origin = .flags
    }
    self.model = model
    preprocessingOrigin = origin
  }

  /// The run folder that it lies in; nil where it lies elsewhere.
  var run: RunFolder? { CheckpointPath.run(ofWeights: path) }

  /// Throws where an ONNX file computes something else than the model that was named: unlike other weights files it says what.
  private static func checkAgreement(
    of file: SafetensorsFile, path: String, with model: Model
  ) throws(CommandFailure) {
    guard ImportedModel.isMeant(by: path), let json = file.metadata[MetadataKey.model],
      let stated = try? Model(json: json), !stated.computesTheSame(as: model)
    else { return }
    throw CommandFailure(
      .badData,
      "\(path): the graph computes something else than the model \"\(model.name)\"; leave --model out, or see 'summary \(path)'."
    )
  }

  /// The network with the checkpoint's weights.
  package func network() throws(CommandFailure) -> Network {
    do {
      try ProductMemory.check(threads: 1)
      try BLASLibrary.check()
      // A model may promise any size, so it is compared with what is there before memory is asked for.
      try Self.check(file, path: path, holds: try model.tensors(), of: model)
      let network = try Network(awaitingWeights: model)
      try Self.load(file, path: path, into: network)
      try Self.requireFinite(network, path: path)
      return network
    } catch {
      throw CommandFailure(describing: error)
    }
  }
}
