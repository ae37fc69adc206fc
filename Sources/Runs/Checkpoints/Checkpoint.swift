internal import LinearAlgebra
package import Interchange
package import JacquardEngine
package import Support
package import Terminal

/// A weights file: tensors with PyTorch's names and layout, and the model and its origin as metadata.
package struct Checkpoint {
  /// The keys of the metadata.
  package typealias MetadataKey = WeightsFile.MetadataKey

  /// The file.
  package let path: String
  /// The model of the weights.
  package let model: Model
  /// The source of the model's preprocessing.
  package let preprocessingOrigin: PreprocessingSource
  /// How the weights were made; nil if the file does not say.
  package let provenance: JSONValue?
  /// How the model differs from the ONNX graph in the file, a sentence for each difference.
  private let notes: [String]
  /// The content of the file.
  let file: SafetensorsFile

  /// Reads a checkpoint.
  ///
  /// - Parameters:
  ///   - checkpoint: A run folder or a weights file.
  ///   - modelText: A model's name or file, which overrides the model in the file.
  ///   - preprocessing: Overrides the preprocessing of file and model; nil for no override.
  /// - Throws: a `Failure` that names the file and the problem.
  package init(_ checkpoint: String, model modelText: String?) throws(Failure) {
    try self.init(checkpoint, model: modelText, preprocessing: nil)
  }

  /// The same, with a separate preprocessing.
  package init(
    _ checkpoint: String, model modelText: String?, preprocessing stated: Normalization?
  ) throws(Failure) {
    path = try CheckpointPath.weights(of: checkpoint)
    var origin = PreprocessingSource.file
    if ImportedModel.isMeant(by: path) {
      let imported = try ImportedModel(path)
      file = imported.file
      origin = imported.origin
      notes = imported.notes
    } else {
      file = try Self.read(path)
      notes = []
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
        "\(path): the file does not say which model it is for; name it with \(.model), which uses the default preprocessing."
      )
    }
    if let stated {
      try Self.check(stated, for: model, path: path)
      model.preprocessing = stated
      origin = .flags
    }
    self.model = model
    preprocessingOrigin = origin
  }

  /// The run folder that contains it; nil if it is elsewhere.
  package var run: RunFolder? { CheckpointPath.run(ofWeights: path) }

  /// Rejects a preprocessing for a number of channels other than the model's.
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

  /// Throws if an ONNX file computes something other than the named model: unlike other weights files, it defines the computation.
  private static func checkAgreement(
    of file: SafetensorsFile, path: String, with model: Model
  ) throws(Failure) {
    guard ImportedModel.isMeant(by: path), let json = file.metadata[MetadataKey.model],
      let stated = try? Model(json: json), !stated.computesTheSame(as: model)
    else { return }
    throw Failure(
      .badData,
      "\(path): the graph does not compute the model \"\(model.name)\"; remove \(.model), or see 'summary \(path)'."
    )
  }

  /// The network with the checkpoint's weights.
  package func network(options: ComputeOptions = ComputeOptions()) throws(Failure) -> Network {
    do {
      try ProductMemory.check(threads: 1)
      if options.product == .blas { try BLASLibrary.check() }
      // A model may claim any size, so check it against the file before allocating memory.
      try Self.check(file, path: path, holds: try model.tensors(), of: model)
      let network = try Network(awaitingWeights: model, options: options)
      try Self.load(file, path: path, into: network)
      return network
    } catch {
      throw Failure(error)
    }
  }
}

extension Checkpoint {
  /// Reports on standard error why the checkpoint's answers may differ from those of the program that made it: an assumed
  /// preprocessing, and parts of an ONNX graph that the model computes differently.
  package func reportDoubts(on console: Console) {
    for note in notes { console.note("\(path): \(note)") }
    guard preprocessingOrigin == .assumed else { return }
    console.warn(
      "\(path): the file does not say how pixels become the model's inputs; assuming Fashion-MNIST's mean 0.28604 and deviation 0.35302; "
        + "to change them, use \(.mean), \(.deviation) and \(.pixelScale), such as \(.mean) half or \(.mean) imagenet")
  }

  /// Rejects NaN and infinite weights: their answers would look like results.
  package static func requireFinite(_ network: Network, path: String) throws(Failure) {
    let snapshot = network.snapshot()
    for tensor in network.tensors {
      let values = snapshot.values(of: tensor)
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw Failure(
          .badData,
          "\(path): tensor \(tensor.name): expected finite numbers, found \(values[place]) at position \(place); "
            + "the training diverged; train again with a lower \(.lr).")
      }
    }
  }
}
