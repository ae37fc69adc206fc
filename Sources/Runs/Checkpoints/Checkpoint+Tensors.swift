package import Interchange
package import JacquardEngine
package import Support
internal import Terminal

extension Checkpoint {
  /// Loads the weights of a file or a run folder into a network, whatever model the file says it is for.
  package static func load(_ checkpoint: String, into network: Network) throws(Failure) {
    let path = try CheckpointPath.weights(of: checkpoint)
    try load(try read(path), path: path, into: network)
  }

  /// Reads a weights file, or an ONNX model as one.
  package static func read(_ path: String) throws(Failure) -> SafetensorsFile {
    if ImportedModel.isMeant(by: path) { return try ImportedModel(path).file }
    if let recipe = ForeignWeights.recipe(for: path) { throw recipe }
    do throws(InterchangeError) {
      let file =
        ForeignWeights.isPyTorch(path)
        ? try ForeignWeights.stateDictionary(path) : try SafetensorsFile(contentsOf: path)
      guard let (unwrapped, prefix) = file.unwrapped else { return file }
      Console().note("\(path): all names begin with \"\(prefix)\", as wrappers of PyTorch write them; it is left out.")
      return unwrapped
    } catch {
      throw failure(error, path: path)
    }
  }

  /// What an error says, and for a damaged file of a run how to make it again.
  package static func failure(_ error: InterchangeError, path: String) -> Failure {
    guard case .safetensors(let problem) = error, case .damaged = problem.problem,
      let (run, folder) = CheckpointPath.runFolder(of: path)
    else { return Failure(error) }
    var diagnostic = problem.diagnostic
    diagnostic.advice = ""
    let kept = run.keptEpochs.last.map {
      MessageText(", or put the state after epoch \($0) in its place: \(run.keptState(after: $0))")
    }
    let advice: MessageText =
      folder == "weights"
      ? "make it again from the run's state with: jacquard train \(.resume) \(ShellText.quoted(run.path))."
      : "copy it again\(kept ?? ", or start anew from the run's weights with \(.initFrom)")."
    return Failure(.badData, "\(diagnostic); \(advice)")
  }

  /// Puts a file's tensors into a network; every one of both must have its counterpart, of the same shape.
  package static func load(_ file: SafetensorsFile, path: String, into network: Network) throws(Failure) {
    do throws(WeightsError) {
      try WeightsFile(file, path: path).load(into: network)
    } catch {
      throw Failure(.badData, text: error.description)
    }
  }

  /// Refuses a file that does not hold exactly a model's tensors, each in its shape.
  package static func check(
    _ file: SafetensorsFile, path: String, holds tensors: [NetworkTensor], of model: Model
  ) throws(Failure) {
    do throws(WeightsError) {
      try WeightsFile(file, path: path).check(holds: tensors, of: model)
    } catch {
      throw Failure(.badData, text: error.description)
    }
  }

  /// The file of a network at one moment: its tensors, and its model, preprocessing and origin as metadata.
  package static func file(
    of network: Network, _ numbers: NetworkSnapshot, provenance: JSONValue
  ) throws(ModelError) -> SafetensorsFile {
    try WeightsFile(of: network, numbers, provenance: provenance.text).content
  }

  /// The file of a model and the tensors that belong to it, as another program gave them.
  package static func file(
    of model: Model, _ tensors: [NamedTensor], provenance: JSONValue
  ) throws(ModelError) -> SafetensorsFile {
    var file = SafetensorsFile(
      metadata: try metadata(of: model, provenance: provenance).merging([MetadataKey.format: "pt"]) { $1 },
      tensors: tensors)
    file.addChecksum()
    return file
  }

  /// What files say about a model: itself, its preprocessing and its origin.
  package static func metadata(of model: Model, provenance: JSONValue) throws(ModelError) -> [String: String] {
    try WeightsFile.metadata(of: model, provenance: provenance.text)
  }
}
