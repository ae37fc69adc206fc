internal import Files
internal import Interchange
internal import JacquardEngine
internal import Runs
internal import Support

/// The weights that a run left behind, and what their file says of them.
struct RecordedWeights {
  /// The file.
  let path: String
  /// Its SHA-256.
  let sha256: String
  /// Its content.
  let file: SafetensorsFile
  /// The model that they are for.
  let model: Model
  /// The steps behind them.
  let step: Int
  /// The epochs that had been begun.
  let epoch: Int
  /// What was trained; nil where this version does not understand it.
  let settings: TrainSettings?

  /// Reads the file, once.
  ///
  /// - Parameter recorded: The SHA-256 that the run's record says; nil where it says none.
  /// - Throws: a `Failure` of the kind `badData` for another file than the recorded one.
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
        "\(path): the file has the SHA-256 \(sha256), but the run ended with \(recorded): it is not the file that was written; "
          + "put that one back.")
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
        .badData, "\(path): the file does not say after which step of a training it was written; it is not a run's.")
    }
    do throws(ModelError) {
      model = try Model(json: text)
    } catch {
      throw Failure(.badData, "\(path): the model in its metadata cannot be used: \(error)")
    }
    (self.step, self.epoch) = (step, epoch)
    settings = WeightsProvenance.settings(in: provenance)
  }

  /// The SHA-256 that the file would have with other numbers in it.
  func sha256(with tensors: [NamedTensor]) -> String {
    var other = SafetensorsFile(metadata: file.metadata, tensors: tensors)
    // Older versions wrote none.
    if file.metadata[SafetensorsFile.checksumKey] != nil { other.addChecksum() }
    return other.sha256
  }
}
