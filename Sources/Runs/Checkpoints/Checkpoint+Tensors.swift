package import Interchange
package import JacquardEngine
package import Support
internal import Terminal

extension Checkpoint {
  /// Loads the weights of a file or a run folder into a network, whatever model the file names.
  package static func load(_ checkpoint: String, into network: Network) throws(Failure) {
    let path = try CheckpointPath.weights(of: checkpoint)
    try load(try read(path), path: path, into: network)
  }

  /// Reads a weights file, or an ONNX model converted to one.
  package static func read(_ path: String) throws(Failure) -> SafetensorsFile {
    if ImportedModel.isMeant(by: path) { return try ImportedModel(path).file }
    if let recipe = ForeignWeights.recipe(for: path) { throw recipe }
    do throws(InterchangeError) {
      let file =
        ForeignWeights.isPyTorch(path)
        ? try ForeignWeights.stateDictionary(path) : try SafetensorsFile(contentsOf: path)
      guard let (unwrapped, prefix) = file.unwrapped else { return file }
      Console().note("\(path): ignored the prefix \"\(prefix)\" of all names, which wrappers of PyTorch add.")
      return unwrapped
    } catch {
      throw failure(error, path: path)
    }
  }

  /// The failure for an error, with advice on how to restore a damaged file of a run.
  package static func failure(_ error: InterchangeError, path: String) -> Failure {
    guard case .safetensors(let problem) = error, case .damaged = problem.problem,
      let (run, folder) = CheckpointPath.runFolder(of: path)
    else { return Failure(error) }
    var diagnostic = problem.diagnostic
    diagnostic.advice = ""
    let kept = run.keptEpochs.last.map {
      MessageText(", or replace it with the state after epoch \($0): \(run.keptState(after: $0))")
    }
    let advice: MessageText =
      folder == "weights"
      ? "restore it from the run's state with: jacquard train \(.resume) \(ShellText.quoted(run.path))."
      : "copy it again\(kept ?? ", or start a new run from the run's weights with \(.initFrom)")."
    return Failure(.badData, "\(diagnostic); \(advice)")
  }

  /// Puts a file's tensors into a network; names and shapes must match exactly.
  package static func load(_ file: SafetensorsFile, path: String, into network: Network) throws(Failure) {
    do throws(WeightsError) {
      try WeightsFile(file, path: path).load(into: network)
    } catch {
      throw Failure(.badData, text: error.description)
    }
  }

  /// Rejects a file that does not contain exactly a model's tensors, with their shapes.
  package static func check(
    _ file: SafetensorsFile, path: String, holds tensors: [NetworkTensor], of model: Model
  ) throws(Failure) {
    do throws(WeightsError) {
      try WeightsFile(file, path: path).check(holds: tensors, of: model)
    } catch {
      throw Failure(.badData, text: error.description)
    }
  }

  /// A snapshot of a network as a file: its tensors, with model, preprocessing and origin as metadata.
  package static func file(
    of network: Network, _ numbers: NetworkSnapshot, provenance: JSONValue
  ) throws(ModelError) -> SafetensorsFile {
    try WeightsFile(of: network, numbers, provenance: provenance.text).content
  }

  /// A file of a model and its tensors from another program.
  ///
  /// - Parameter temperature: The text of its temperature; nil for none.
  package static func file(
    of model: Model, _ tensors: [NamedTensor], provenance: JSONValue, temperature: String?
  ) throws(ModelError) -> SafetensorsFile {
    var metadata = try metadata(of: model, provenance: provenance)
    metadata[MetadataKey.format] = "pt"
    metadata[MetadataKey.temperature] = temperature
    var file = SafetensorsFile(metadata: metadata, tensors: tensors)
    file.addChecksum()
    return file
  }

  /// The metadata about a model: the model itself, its preprocessing and its origin.
  package static func metadata(of model: Model, provenance: JSONValue) throws(ModelError) -> [String: String] {
    try WeightsFile.metadata(of: model, provenance: provenance.text)
  }
}
