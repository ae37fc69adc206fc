internal import BLAS
package import Interchange
package import JacquardEngine
package import Support

/// A weights file: tensors in PyTorch's names and layout, and the model and its origin as metadata.
package struct Checkpoint {
  /// The keys of the metadata.
  package typealias MetadataKey = WeightsFile.MetadataKey

  /// The file.
  package let path: String
  /// What the weights are for.
  package let model: Model
  /// Where the model's preprocessing comes from.
  package let preprocessingOrigin: PreprocessingSource
  /// How they came about; nil where the file does not say.
  package let provenance: JSONValue?
  private let file: SafetensorsFile

  /// Reads a checkpoint.
  ///
  /// - Parameters:
  ///   - checkpoint: A run folder or a weights file.
  ///   - modelText: A model's name or file, which takes precedence over the one that the file holds.
  ///   - preprocessing: What takes precedence over what file and model say; nil for nothing.
  /// - Throws: a `Failure` that names the file and what is wrong with it.
  package init(_ checkpoint: String, model modelText: String?) throws(Failure) {
    try self.init(checkpoint, model: modelText, preprocessing: nil)
  }

  /// The same with a preprocessing that was stated apart.
  package init(
    _ checkpoint: String, model modelText: String?, preprocessing stated: Normalization?
  ) throws(Failure) {
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
      model = try ModelReference.model(modelText, fitting: file.shapes)
      let saysNothing = file.metadata[MetadataKey.model] == nil && file.metadata[MetadataKey.preprocessing] == nil
      origin =
        try ModelReference.statesPreprocessing(modelText)
        ? .model : saysNothing || origin == .assumed ? .assumed : .model
      try Self.checkAgreement(of: file, path: path, with: model)
    } else if let json = file.metadata[MetadataKey.model] {
      do throws(ModelError) {
        model = try Model(json: json)
      } catch {
        throw Failure(.badData, "\(path): the model in its metadata cannot be used: \(error)")
      }
    } else {
      throw Failure(
        .usage,
        "\(path): the file does not say which model it is for; name it with \(.model), with the default preprocessing.")
    }
    if let stated {
      try Self.check(stated, for: model, path: path)
      model.preprocessing = stated
      origin = .flags
    }
    self.model = model
    preprocessingOrigin = origin
  }

  /// The run folder that it lies in; nil where it lies elsewhere.
  package var run: RunFolder? { CheckpointPath.run(ofWeights: path) }

  /// Refuses a preprocessing that was stated for other channels than the model's.
  package static func check(_ stated: Normalization, for model: Model, path: String) throws(Failure) {
    let channels = model.inputShape.channels
    for (option, values) in [(OptionName.mean, stated.mean), (.deviation, stated.deviation)]
    where values.count != 1 && values.count != channels {
      throw Failure(
        .usage,
        "\(option) has \(values.count) numbers, but the model of \(path) has \(channels) channels; give 1 or \(channels)."
      )
    }
  }

  /// Throws where an ONNX file computes something else than the model that was named: unlike other weights files it says what.
  private static func checkAgreement(
    of file: SafetensorsFile, path: String, with model: Model
  ) throws(Failure) {
    guard ImportedModel.isMeant(by: path), let json = file.metadata[MetadataKey.model],
      let stated = try? Model(json: json), !stated.computesTheSame(as: model)
    else { return }
    throw Failure(
      .badData,
      "\(path): the graph computes something else than the model \"\(model.name)\"; leave \(.model) out, or see 'summary \(path)'."
    )
  }

  /// The network with the checkpoint's weights.
  package func network() throws(Failure) -> Network {
    do {
      try ProductMemory.check(threads: 1)
      try BLASLibrary.check()
      // A model may promise any size, so it is compared with what is there before memory is asked for.
      try Self.check(file, path: path, holds: try model.tensors(), of: model)
      let network = try Network(awaitingWeights: model)
      try Self.load(file, path: path, into: network)
      return network
    } catch {
      throw Failure(error)
    }
  }
}

extension Checkpoint {
  /// Refuses weights that hold infinities or what is no number: their answers would be none, and look like some.
  package static func requireFinite(_ network: Network, path: String) throws(Failure) {
    let snapshot = network.snapshot()
    for tensor in network.tensors {
      let values = snapshot.values(of: tensor)
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw Failure(
          .badData,
          "\(path): tensor \(tensor.name): expected finite numbers, found \(values[place]) at place \(place); "
            + "the training that made it diverged, train anew with a lower \(.lr).")
      }
    }
  }
}
