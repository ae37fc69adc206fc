internal import Datasets
internal import JacquardEngine

/// The images of a training run, to train on, to choose by, and to report; and the model, which may follow from them.
struct TrainingData {
  /// The model, with the images' shape, classes and preprocessing.
  let model: Model
  /// To train on.
  let training: SampleSource
  /// Set aside from the training set; nil where the settings ask for none.
  let validation: SampleSource?
  /// Evaluated once, at the end; nil where the settings leave it out, or the data has none.
  let test: SampleSource?
  /// Whether the settings ask for test images that the data does not have.
  let lacksTest: Bool
  /// What all of it was read from.
  let files: [Provenance.DataFile]
  /// The folder or file that the user knows it by.
  let path: String

  /// Reads and divides a data set.
  init(_ source: DataSource, model choice: ModelChoice, settings: TrainSettings) throws {
    let fingerprint = try Self.fingerprint(of: source, settings: settings)
    let (trainingSet, testSet) = try Self.sets(of: source, classNames: choice.classNames, withTest: settings.test)
    let split = try Self.split(trainingSet, settings: settings)
    model = try choice.model(for: trainingSet, indices: split.training, path: source.path)
    try model.check(trainingSet.shape, of: source.path)
    if let testSet { try model.check(testSet.shape, of: source.path) }
    let normalization = try model.normalization()
    let seed = UInt64(settings.seed)
    training = try SampleSource(
      trainingSet, indices: split.training, normalization: normalization, augmentation: settings.augmentation,
      isShuffled: settings.shuffle, seed: seed)
    validation = try split.validation.map { indices in
      try SampleSource(trainingSet, indices: indices, normalization: normalization, seed: seed)
    }
    test = try testSet.map { try SampleSource($0, normalization: normalization, seed: seed) }
    lacksTest = settings.test && testSet == nil
    files = try fingerprint.files()
    path = source.path
  }

  /// The files of a data set that a training with these settings depends on.
  static func fingerprint(of source: DataSource, settings: TrainSettings) throws(DatasetError) -> DataFingerprint {
    try DataFingerprint(of: settings.test ? [.training, .test] : [.training], in: source)
  }

  /// The images to train on and to validate on, as the settings divide the training set.
  static func split(
    _ set: ImageSet, settings: TrainSettings
  ) throws(SettingError) -> (training: [Int32], validation: [Int32]?) {
    let used = Array(set.allIndices.prefix(settings.maximumTrainingImages ?? set.count))
    guard let size = settings.validation else { return (used, nil) }
    let split = try Split(of: set, indices: used, validation: size, seed: UInt64(settings.seed))
    return (split.training, split.validation)
  }

  private static func sets(
    of source: DataSource, classNames: [String]?, withTest: Bool
  ) throws(DatasetError) -> (training: ImageSet, test: ImageSet?) {
    withTest
      ? try source.loadBoth(classNames: classNames) : (try source.load(.training, classNames: classNames), nil)
  }
}
