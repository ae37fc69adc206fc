internal import Datasets
internal import Files
internal import Photographs
internal import Runs
internal import Support
internal import Terminal

extension DataOptions {
  /// The data that the options, the environment or the system's package name.
  ///
  /// - Parameter console: Where the decoding of pictures is reported; nil for nowhere.
  func source(_ console: Console?) throws -> DataSource {
    // The flags mean what the settings of the same names mean.
    try source(try pictureSettings(for: nil), console)
  }

  /// How a checkpoint's pictures are brought to its size, if a flag, a variable or its run says it; nil for its own way.
  func preparation(for checkpoint: Checkpoint) throws(Failure) -> (fit: PictureFit, inversion: PictureInversion)? {
    let settings = try pictureSettings(for: checkpoint)
    let isSaid = fit != nil || invert != nil || settings.fit != .stretch || settings.inversion != .no
    return isSaid ? (settings.fit, settings.inversion) : nil
  }

  /// The data to judge a checkpoint by, as its run read it.
  ///
  /// Where neither the options nor the environment name any, a checkpoint in a run folder that was trained on other data than
  /// Fashion-MNIST, which would be looked for next, is judged by the data of its run.
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

  /// Where a checkpoint is judged if no option says so: at the data of its run, as by `source(for:)`; nil for where all others are.
  ///
  /// Weights that cannot be read cannot be judged anywhere: all data is the same to them.
  ///
  /// - Parameter model: The model that is named; nil for the one of the file.
  static func ownPath(of checkpoint: String, model: String?) -> String? {
    // Only what is known to be a file is read: reading a pipe could take for ever.
    guard let weights = try? CheckpointPath.weights(of: checkpoint), Folder.isRegularFile(weights),
      let path = dataPath(of: CheckpointPath.run(ofWeights: weights))
    else { return nil }
    let isForFashionMNIST = (try? Checkpoint(checkpoint, model: model))?.model.isForFashionMNIST ?? false
    return isForFashionMNIST ? nil : path
  }

  /// Where a run had its data; nil where the environment names other data, or nothing is there any more.
  private static func dataPath(of run: RunFolder?) -> String? {
    guard Environment.value("JACQUARD_DATA") ?? "" == "", let run, let path = PastRecord(path: run.record)?.dataPath,
      Folder.kind(path) != .nothing
    else { return nil }
    return path
  }

  /// The settings that say how pictures are read: those of a checkpoint's run, under variables and flags.
  private func pictureSettings(for checkpoint: Checkpoint?) throws(Failure) -> TrainSettings {
    let keys = ["image_size", "image_colors", "fit", "invert", "skip_broken"]
    return try TrainSettings.resolve(
      checkpoint.map(TrainSettings.pictures) ?? TrainSettings(), file: nil,
      environment: SettingVariables.values.filter { keys.contains($0.key) }, flags: values)
  }

  /// The same data, its pictures read as a run's settings say.
  func source(_ settings: TrainSettings, _ console: Console?) throws(DatasetError) -> DataSource {
    try .named(data, settings, console: console)
  }
}
