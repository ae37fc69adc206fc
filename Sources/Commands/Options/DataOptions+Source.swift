internal import Datasets
internal import Files
internal import Photographs
internal import Runs
internal import Support
internal import Terminal

extension DataOptions {
  /// The data named by the options, the environment or the system's package.
  ///
  /// - Parameter console: Where the decoding of pictures is reported; nil for nowhere.
  func source(_ console: Console?) throws -> DataSource {
    // The flags have the meaning of the settings with the same names.
    try source(try pictureSettings(for: nil), console)
  }

  /// How to resize a checkpoint's pictures if a flag, a variable or its run says; nil for the model's own way.
  func preparation(for checkpoint: Checkpoint) throws(Failure) -> (fit: PictureFit, inversion: PictureInversion)? {
    let settings = try pictureSettings(for: checkpoint)
    let isSaid = fit != nil || invert != nil || settings.fit != .stretch || settings.inversion != .no
    return isSaid ? (settings.fit, settings.inversion) : nil
  }

  /// The data to evaluate a checkpoint on, read as its run read it.
  ///
  /// If neither the options nor the environment name data, a checkpoint in the folder of a run that was not trained on Fashion-MNIST, the
  /// next place searched, is evaluated on the data of its run.
  func source(for checkpoint: Checkpoint, _ console: Console) throws -> DataSource {
    if data == nil, !checkpoint.model.isForFashionMNIST, let path = Self.dataPath(of: checkpoint.run) {
      return try DataSource(
        path: path, pictures: PictureReading(try pictureSettings(for: checkpoint), console: console)
      )
      .fitted(to: checkpoint)
    }
    return try source(try pictureSettings(for: checkpoint), console).fitted(to: checkpoint)
  }

  /// The same as a function of the checkpoint.
  func source(on console: Console) -> (Checkpoint) throws -> DataSource {
    { try source(for: $0, console) }
  }

  /// Where to evaluate a checkpoint if no option says: on the data of its run, as in `source(for:)`; nil for the usual search.
  ///
  /// Unreadable weights cannot be evaluated anywhere, so they get nil too.
  ///
  /// - Parameter model: The model named by an option; nil for the file's own.
  static func ownPath(of checkpoint: String, model: String?) -> String? {
    // Read only what is known to be a file: reading a pipe could take forever.
    guard let weights = try? CheckpointPath.weights(of: checkpoint), Folder.isRegularFile(weights),
      let path = dataPath(of: CheckpointPath.run(ofWeights: weights))
    else { return nil }
    let isForFashionMNIST = (try? Checkpoint(checkpoint, model: model))?.model.isForFashionMNIST ?? false
    return isForFashionMNIST ? nil : path
  }

  /// Where a run had its data; nil if the environment names other data, or the data is no longer there.
  private static func dataPath(of run: RunFolder?) -> String? {
    guard Environment.value("JACQUARD_DATA") ?? "" == "", let run, let path = PastRecord(path: run.record)?.dataPath,
      Folder.kind(path) != .nothing
    else { return nil }
    return path
  }

  /// The settings for reading pictures: those of a checkpoint's run, overridden by variables and flags.
  private func pictureSettings(for checkpoint: Checkpoint?) throws(Failure) -> TrainSettings {
    let keys = ["image_size", "image_colors", "fit", "invert", "skip_broken"]
    return try TrainSettings.resolve(
      checkpoint.map(TrainSettings.pictures) ?? TrainSettings(), file: nil,
      environment: SettingVariables.values.filter { keys.contains($0.key) }, flags: values)
  }

  /// The same data, with pictures read according to a run's settings.
  func source(_ settings: TrainSettings, _ console: Console?) throws(DatasetError) -> DataSource {
    try .named(data, settings, console: console)
  }
}
