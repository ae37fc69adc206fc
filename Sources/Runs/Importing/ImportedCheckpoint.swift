package import Interchange
package import JacquardEngine
package import Support
internal import Terminal

/// A checkpoint to be written by `import`, and its description.
package struct ImportedCheckpoint {
  /// The checkpoint.
  package let file: SafetensorsFile
  private let model: Model
  private let origin: String
  private let preprocessingOrigin: String

  /// - Parameters:
  ///   - origin: The program whose conventions the file follows.
  ///   - preprocessingOrigin: The source of the model's preprocessing.
  package init(_ file: SafetensorsFile, model: Model, origin: String, preprocessingOrigin: String) {
    self.file = file
    self.model = model
    self.origin = origin
    self.preprocessingOrigin = preprocessingOrigin
  }

  /// The checkpoint of a network.
  package init(
    _ network: Network, origin: String, preprocessingOrigin: String, provenance: JSONValue?
  ) throws(Failure) {
    do {
      let file = try Checkpoint.file(of: network, network.snapshot(), provenance: provenance ?? .null)
      self.init(file, model: network.model, origin: origin, preprocessingOrigin: preprocessingOrigin)
    } catch {
      throw Failure(error)
    }
  }

  /// What was written, for programs.
  package func json(from source: String, to output: String) -> JSONValue {
    let preprocessing = model.preprocessing
    return [
      "schema": 1, "file": .string(source), "from": .string(origin), "output": .string(output),
      "model": .string(model.name), "tensors": .integer(file.tensors.count),
      "preprocessing": [
        "scale": .number(preprocessing.scale), "mean": .array(preprocessing.mean.map(JSONValue.number)),
        "deviation": .array(preprocessing.deviation.map(JSONValue.number)),
      ],
      "preprocessing_from": .string(preprocessingOrigin),
    ]
  }

  /// What was written, for people.
  package func lines(_ output: String) -> [String] {
    TextTable.pairs([
      ("checkpoint", output), ("from", origin), ("model", model.name), ("input", model.inputShape.description),
      ("classes", String(model.classNames.count)), ("tensors", String(file.tensors.count)),
      ("preprocessing", "from \(preprocessingOrigin)"),
    ])
  }
}
