internal import Files
internal import Interchange
internal import JacquardEngine
internal import Runs
internal import Support

/// The weights of a finished run, and the metadata in their file.
struct RecordedWeights {
  /// The file.
  let path: String
  /// Its SHA-256.
  let sha256: String
  /// Its content.
  let file: SafetensorsFile
  /// The model.
  let model: Model
  /// The number of steps done.
  let step: Int
  /// The number of epochs begun.
  let epoch: Int
  /// The settings of the training; nil if this version does not understand them.
  let settings: TrainSettings?

  /// Reads the file, once.
  ///
  /// - Parameter recorded: The SHA-256 in the run's record; nil if it has none.
  /// - Throws: a `Failure` of the kind `badData` if the file is not the recorded one.
  init(path: String, recorded: String?) throws(Failure) {
    self.path = path
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: 4 << 30)
    } catch {
      throw Failure(error)
    }
    sha256 = SHA256.hexadecimal(of: bytes)
    if let recorded, recorded != sha256 {
      throw Failure(
        .badData,
        "\(path): the file has the SHA-256 \(sha256), but the run ended with \(recorded), so this is a different file; "
          + "restore the original.")
    }
    do throws(SafetensorsError) {
      file = try SafetensorsFile(bytes: bytes, path: path)
    } catch {
      throw Checkpoint.failure(.safetensors(error), path: path)
    }
    let provenance = file.metadata[Checkpoint.MetadataKey.provenance].flatMap {
      try? JSONReader.value(of: Array($0.utf8))
    }
    guard let provenance, let step = provenance["step"]?.integer, let epoch = provenance["epoch"]?.integer, step >= 0,
      RecordedRun.epochs ~= epoch, let text = file.metadata[Checkpoint.MetadataKey.model]
    else {
      throw Failure(
        .badData, "\(path): the file does not record its training step, so it is not from a run.")
    }
    do throws(ModelError) {
      model = try Model(json: text)
    } catch {
      throw Failure(.badData, "\(path): the model in its metadata cannot be used: \(error)")
    }
    (self.step, self.epoch) = (step, epoch)
    settings = WeightsProvenance.settings(in: provenance)
  }

  /// The SHA-256 that the file would have with other tensors.
  func sha256(with tensors: [NamedTensor]) -> String {
    var other = SafetensorsFile(metadata: file.metadata, tensors: tensors)
    // Older versions did not write it.
    if file.metadata[SafetensorsFile.checksumKey] != nil { other.addChecksum() }
    return other.sha256
  }
}
