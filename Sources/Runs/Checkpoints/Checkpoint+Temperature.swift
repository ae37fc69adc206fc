internal import Files
internal import Interchange
internal import JacquardEngine
package import Support

extension Checkpoint {
  /// Rejects a checkpoint whose file cannot keep a temperature, or that another process is training.
  package func requireKeepsTemperature() throws(Failure) {
    guard path.endsWith(bytesOf: ".safetensors"), file.metadata[MetadataKey.model] != nil, file.skipped.isEmpty else {
      throw Failure(
        .usage,
        "\(path): only a .safetensors file with a model keeps a temperature; make one with 'jacquard import' first.")
    }
    if let run { _ = try RunFolder(resuming: run.path) }
  }

  /// Stores a temperature in the weights file, and the file's new hash in the record of its run.
  ///
  /// - Throws: a `Failure`, also if the weights changed after the checkpoint was read.
  package func store(temperature: Double) throws(Failure) {
    let folder: RunFolder?
    if let run { folder = try RunFolder(resuming: run.path) } else { folder = nil }
    defer { withExtendedLifetime(folder) {} }
    let current = try Self.read(path)
    guard current == file else {
      throw Failure(
        .inputOutput, "\(path): the weights changed while they were evaluated; fit the temperature again.")
    }
    do {
      let old = try SHA256.hexadecimal(ofFileAt: path)
      let file = Self.file(current, temperature: temperature)
      try file.write(to: path)
      // A process that died here earlier has left the hash of the weights without a temperature.
      guard PathText.name(path) == PathText.name(folder?.lastWeights ?? "") else { return }
      try folder?.replaceWeightsHash([old, Self.file(current, temperature: 1).sha256], by: file.sha256)
    } catch {
      throw Failure(error)
    }
  }

  /// The same weights with another temperature.
  private static func file(_ file: SafetensorsFile, temperature: Double) -> SafetensorsFile {
    var other = file
    other.metadata[MetadataKey.temperature] = temperature == 1 ? nil : "\(temperature)"
    if file.metadata[SafetensorsFile.checksumKey] != nil { other.addChecksum() }
    return other
  }
}

extension RunFolder {
  /// Replaces the hash of the last weights in the run's result if it is one of the given hashes.
  fileprivate func replaceWeightsHash(_ old: [String], by new: String) throws {
    let record = try ConfigurationFile.content(of: self.record)
    guard let hash = record["result"]?["weights_sha256"]?.string, old.contains(hash) else { return }
    let result = record["result"]?.replacing("weights_sha256", by: .string(new))
    try checkPlace()
    try AtomicFile.write(
      text: record.replacing("result", by: result ?? .null).indentedText + "\n", to: self.record)
  }
}

extension JSONValue {
  /// The object with another value of a member.
  fileprivate func replacing(_ name: String, by value: JSONValue) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.map { $0.name == name ? .init(name: name, value: value) : $0 })
  }
}
