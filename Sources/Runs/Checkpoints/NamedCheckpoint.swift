package import Files
package import JacquardEngine
package import Support

/// A checkpoint under the name by which other programs ask for it.
package struct NamedCheckpoint: Sendable {
  /// The name: letters, digits, `.`, `_` and `-`.
  package let name: String
  /// The checkpoint: a run folder, a weights file, or the name of a run that comes with the program.
  package let path: String

  /// Reads `PATH` or `NAME=PATH`. Without a name, it is that of the run folder, or of the file without its extension.
  ///
  /// - Throws: a `Failure` of the kind `usage` if the name cannot be part of an address.
  package init(_ text: String) throws(Failure) {
    let parts = text.parts(separatedBy: "=")
    if parts.count > 1, Folder.kind(text) == .nothing, Self.isName(parts[0]) {
      name = parts[0]
      path = String(text.dropFirst(parts[0].count + 1))
    } else {
      path = text
      let last = PathText.name(PathText.trimmed(text))
      let ending = [".safetensors", ".onnx", ".pth", ".pt", ".ckpt", ".bin"].first {
        last.endsWith(bytesOf: $0)
      }
      name = String(last.dropLast(ending?.count ?? 0))
    }
    guard Self.isName(name) else {
      throw Failure(
        .usage,
        "\(text): \"\(name)\" cannot be the name of a model; choose one of letters, digits, '.', '_' and '-', as in shoes=\(path)."
      )
    }
  }

  private static func isName(_ text: String) -> Bool {
    let bytes = text.utf8
    return (1...64).contains(bytes.count) && text.first != "."
      && bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// Checkpoints by name.
  ///
  /// - Throws: a `Failure` of the kind `usage` if two have the same name.
  package static func all(_ texts: [String]) throws(Failure) -> [NamedCheckpoint] {
    var found: [NamedCheckpoint] = []
    for text in texts {
      let next = try NamedCheckpoint(text)
      if let other = found.first(where: { $0.name == next.name }) {
        throw Failure(
          .usage,
          "\(text): the model \(other.path) is called \"\(next.name)\" too; give one of them another name, as in \(next.name)-2=\(next.path)."
        )
      }
      found.append(next)
    }
    return found
  }
}

/// A checkpoint that is ready to answer.
package struct LoadedCheckpoint: Sendable {
  /// Its name and path.
  package let named: NamedCheckpoint
  /// Its network.
  package let network: Network
  /// The first twelve hexadecimal digits of the SHA-256 of its weights file: other weights are another version.
  package let version: String
  /// How pixels become the model's inputs.
  package let normalization: Normalization
  /// How pictures are brought to the model's size; nil for the model's own way.
  package let preparation: PreparedPicture.Preparation?
  /// The state of the weights file when it was read.
  package let stamp: FileStamp
  /// The weights file.
  package let weights: String

  /// Reads a checkpoint.
  ///
  /// A file that is replaced meanwhile is read again, so that version and weights belong together.
  ///
  /// - Parameters:
  ///   - pictureFlags: The flags for pictures, with the keys of settings.
  ///   - report: Receives the checkpoint once it has been read, for warnings.
  /// - Throws: a `Failure` that names the file and the problem.
  package init(
    _ named: NamedCheckpoint, inference: InferenceSettings, pictureFlags: [TrainSettings.FlagValue],
    report: (Checkpoint) -> Void = { _ in }
  ) throws(Failure) {
    let read = try Self.read(named, inference: inference)
    self.named = named
    (network, weights, version, stamp) = (read.network, read.weights, read.version, read.stamp)
    normalization = try read.checkpoint.model.normalization()
    preparation = try PreparedPicture.preparation(for: read.checkpoint, flags: pictureFlags)
    report(read.checkpoint)
  }

  /// A checkpoint with its network and the state of its file.
  private struct Reading {
    let checkpoint: Checkpoint
    let network: Network
    let weights: String
    let version: String
    let stamp: FileStamp
  }

  private static func read(
    _ named: NamedCheckpoint, inference: InferenceSettings
  ) throws(Failure) -> Reading {
    for _ in 0..<5 {
      let path = try CheckpointPath.weights(of: named.path)
      let before = FileStamp(path: path)
      let checkpoint = try Checkpoint(
        named.path, model: inference.model, preprocessing: inference.preprocessing)
      try MemoryCheck.check(checkpoint.model, inference: inference, memory: Machine().memory)
      let network = try checkpoint.network()
      try Checkpoint.requireFinite(network, path: path)
      let hash: String
      do throws(FileError) { hash = try SHA256.hexadecimal(ofFileAt: path) } catch {
        throw Failure(error)
      }
      guard let before, FileStamp(path: path) == before else { continue }
      return Reading(
        checkpoint: checkpoint, network: network, weights: path, version: String(hash.prefix(12)),
        stamp: before)
    }
    throw Failure(
      .inputOutput, "\(named.path): the weights change faster than they can be read; try again.")
  }

  /// What a client needs to know about it.
  package var json: JSONValue {
    let model = network.model
    return [
      "name": .string(named.name), "version": .string(version), "model": .string(model.name),
      "input": .array(model.inputShape.dimensions.map(JSONValue.integer)),
      "classes": .array(model.classNames.map(JSONValue.string)),
    ]
  }
}
