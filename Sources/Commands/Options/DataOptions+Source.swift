internal import Datasets
internal import Files
internal import Runs
internal import Support
internal import Terminal

extension DataOptions {
  /// The data named by the options, the environment or the system's package.
  ///
  /// - Parameter console: Where the decoding of pictures is reported; nil for nowhere.
  func source(_ console: Console?) throws -> DataSource {
    // The flags have the meaning of the settings with the same names.
    let source = try source(try pictureSettings(for: nil), console)
    try checkFlags(for: source)
    return source
  }

  /// How to resize a checkpoint's pictures if a flag, a variable or its run says; nil for the model's own way.
  func preparation(for checkpoint: Checkpoint) throws(Failure) -> PreparedPicture.Preparation? {
    try PreparedPicture.preparation(for: checkpoint, flags: values)
  }

  /// The data to evaluate a checkpoint on, read as its run read it.
  ///
  /// If neither the options nor the environment name data, a checkpoint in the folder of a run that was not trained on Fashion-MNIST, the
  /// next place searched, is evaluated on the data of its run.
  func source(for checkpoint: Checkpoint, _ console: Console) throws -> DataSource {
    let settings = try pictureSettings(for: checkpoint)
    let found: DataSource
    if data == nil, !checkpoint.model.isForFashionMNIST, let path = Self.dataPath(of: checkpoint.run) {
      found = try DataSource(path: path, pictures: PictureReading(settings, console: console))
    } else {
      found = try source(settings, console)
    }
    // What the run recorded may have been for pictures; what the user gives must have an effect.
    try checkFlags(for: found)
    return found.fitted(to: checkpoint)
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

  /// The data for a new training, with pictures read according to its settings.
  ///
  /// - Parameters:
  ///   - file: The configuration file.
  ///   - environment: The settings in the environment.
  func source(
    _ settings: TrainSettings, file: (path: String, content: JSONValue)?, environment: [TrainSettings.FlagValue],
    _ console: Console?
  ) throws -> DataSource {
    let source = try source(settings, console)
    try TrainSettings.checkPictureSettings(
      of: source.path, content: source.contentBesidesPictures, file: file, environment: environment, flags: values)
    return source
  }

  /// The data, with pictures read according to a run's settings.
  func source(_ settings: TrainSettings, _ console: Console?) throws(DatasetError) -> DataSource {
    try .named(data, settings, console: console)
  }

  /// Rejects flags for pictures if the data consists of something else.
  func checkFlags(for source: DataSource) throws(Failure) {
    try TrainSettings.checkPictureSettings(of: source.path, content: source.contentBesidesPictures, flags: values)
  }
}
