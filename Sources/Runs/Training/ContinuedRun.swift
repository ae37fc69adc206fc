internal import Files
internal import JacquardEngine
package import Support

/// A run that `--resume` goes on with: its folder, locked, and everything that was agreed on when it began.
package struct ContinuedRun {
  /// Its folder.
  package let folder: RunFolder
  /// What `run.json` says; nil where it says nothing.
  package let past: PastRecord?
  /// Its last saved state; nil where its process ended before the first one.
  package let stored: StateFile?
  /// Its settings, with the flags that were given now.
  package let settings: TrainSettings
  /// Its model; what the data makes of a named one is known once there is a state.
  package let model: ModelChoice

  /// Opens a run folder, and refuses settings and a model other than the run's.
  ///
  /// - Throws: a `Failure`: `noInput` where there is no run, `badData` for a damaged one, `cannotCreate` where another process
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
        "\(.resume) \(path): \(folder.state) is not there, so there are weights, but no state to go on from; "
          + "start anew from the weights with \(.initFrom) \(folder.lastWeights).")
    }
    let content = try ConfigurationFile.content(of: folder.configuration)
    let begun = try TrainSettings.resolve(file: (folder.configuration, content), flags: [])
    settings = try TrainSettings.resolve(begun, file: file, flags: flags)
    if let stored { try SettingsChange(from: stored.state.settings, to: settings, run: folder.path).check() }
    if let stored {
      model = .fixed(stored.model)
      try Self.check(settings.model, is: stored.model, run: folder.path)
    } else {
      model = try ModelChoice(settings.model)
    }
  }

  /// Whether all steps that the settings ask for are done and have been evaluated, and all that they came to is there.
  ///
  /// What the images say is not known before the data is read; the result that was recorded is.
  package var isFinished: Bool {
    guard let stored, let past, past.status == .finished, let result = past.result else { return false }
    // Weights that are missing are made again from the state, as after a crash. A validation that came to no number has no best ones.
    let hasBest = stored.state.best.score != nil || result["validation"]?["loss"]?.number != nil
    // So are weights that are damaged.
    guard Self.isWhole(folder.lastWeights, sha256: result["weights_sha256"]?.string),
      !hasBest || Self.isWhole(folder.bestWeights, sha256: nil)
    else { return false }
    return settings.epochs == stored.state.settings.epochs
      && settings.maxSteps == stored.state.settings.maxSteps
  }

  /// Whether a weights file is there and holds what was written.
  ///
  /// - Parameter sha256: What the run's record says of the file; nil if it says nothing, and the file's own checksum is enough.
  private static func isWhole(_ path: String, sha256: String?) -> Bool {
    guard Folder.kind(path) == .file, (try? Checkpoint.read(path)) != nil else { return false }
    return sha256.map { $0 == (try? SHA256.hexadecimal(ofFileAt: path)) } ?? true
  }

  /// Refuses a model other than the run's: another name, another version of this program, or a file that was changed. A file that
  /// is gone is not needed.
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
      "\(run): the model \"\(text)\" is not the one that the run was begun with: \(place) differs; "
        + "put the old one back, or train anew.")
  }
}
