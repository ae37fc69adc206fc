internal import Files
internal import JacquardEngine
package import Support

/// A run to resume: its locked folder, and everything fixed at its beginning.
package struct ContinuedRun {
  /// Its folder.
  package let folder: RunFolder
  /// The content of `run.json`; nil if it is missing.
  package let past: PastRecord?
  /// Its last saved state; nil if its process ended before the first save.
  package let stored: StateFile?
  /// Its settings, with the flags given now.
  package let settings: TrainSettings
  /// Its model; what the data makes of a named model is known once there is a state.
  package let model: ModelChoice

  /// Opens a run folder, and rejects settings and a model other than the run's.
  ///
  /// - Throws: a `Failure`: `noInput` if there is no run, `badData` for a damaged one, `cannotCreate` if another process
  ///   works on it, and `badConfiguration` with the key that differs.
  package init(
    _ path: String, file: (path: String, content: JSONValue)?, flags: [TrainSettings.FlagValue]
  ) throws(Failure) {
    let folder = try RunFolder(resuming: path)
    self.folder = folder
    past = PastRecord(path: folder.record)
    stored = Folder.kind(folder.state) == .file ? try StateFile(path: folder.state) : nil
    guard stored != nil || Folder.kind(folder.lastWeights) == .nothing else {
      throw Failure(
        .noInput,
        "\(.resume) \(path): \(folder.state) is missing, so there are weights but no state to resume from; "
          + "start a new run from the weights with \(.initFrom) \(folder.lastWeights).")
    }
    let content = try ConfigurationFile.content(of: folder.configuration)
    let begun = try TrainSettings.resolve(file: (folder.configuration, content), flags: [])
    settings = try TrainSettings.resolve(begun, file: file, flags: flags)
    if let stored { try SettingsChange(from: stored.state.settings, to: settings, run: folder.path).check() }
    if let stored {
      model = .fixed(stored.model)
      if settings.source == nil { try Self.check(settings.model, is: stored.model, run: folder.path) }
    } else {
      model = try ModelChoice(settings)
    }
  }

  /// Whether all steps of the settings are done and evaluated, and all results exist.
  ///
  /// Image counts are unknown before the data is read, but the recorded result is known.
  package var isFinished: Bool {
    guard let stored, let past, past.status == .finished, let result = past.result else { return false }
    // Missing weights are restored from the state, as after a crash. A validation whose loss is not finite has no best weights.
    let hasBest = stored.state.best.score != nil || result["validation"]?["loss"]?.number != nil
    // So are damaged weights.
    guard Self.isWhole(folder.lastWeights, sha256: result["weights_sha256"]?.string),
      !hasBest || Self.isWhole(folder.bestWeights, sha256: nil)
    else { return false }
    return settings.epochs == stored.state.settings.epochs
      && settings.maxSteps == stored.state.settings.maxSteps
  }

  /// Whether a weights file exists and is undamaged.
  ///
  /// - Parameter sha256: The hash in the run's record; nil if there is none, and the file's own checksum must do.
  private static func isWhole(_ path: String, sha256: String?) -> Bool {
    guard Folder.kind(path) == .file, (try? Checkpoint.read(path)) != nil else { return false }
    return sha256.map { $0 == (try? SHA256.hexadecimal(ofFileAt: path)) } ?? true
  }

  /// Rejects a model other than the run's: another name, another version of this program, or a changed file. A missing file is not
  /// needed.
  private static func check(_ text: String, is model: Model, run: String) throws(Failure) {
    if case .file(let path)? = try? ModelReference(text), Folder.kind(path) == .nothing { return }
    let found =
      Model.names.contains(text)
      ? try? Model.named(
        text, inputShape: model.inputShape, classNames: model.classNames, preprocessing: model.preprocessing)
      : try ModelReference.model(text)
    guard let found, let place = JSONDifference.first(between: model, and: found) else { return }
    throw Failure(
      .badConfiguration,
      "\(run): the model \"\(text)\" is not the one that the run began with: \(place) differs; "
        + "restore the original, or start a new run.")
  }
}
