internal import Datasets
internal import Jacquard

/// The images of a training run: to train on, to choose by, and to report.
struct TrainingData {
  /// To train on.
  let training: TrainingSamples
  /// Set aside from the training set; nil where the settings ask for none.
  let validation: EvaluationSamples?
  /// Evaluated once, at the end; nil where the settings leave it out.
  let test: EvaluationSamples?
  /// The files that all of it was read from.
  let files: [Provenance.DataFile]

  /// Reads and divides the data of a folder.
  init(folder: DataFolder, model: Model, settings: TrainSettings) throws {
    let fingerprint = try DataFingerprint(of: settings.test ? [.training, .test] : [.training], in: folder)
    let (trainingSet, testSet) = try Self.sets(of: folder, classNames: model.classNames, withTest: settings.test)
    try model.check(trainingSet.shape, of: folder.path)
    if let testSet { try model.check(testSet.shape, of: folder.path) }
    let normalization = try model.normalization()
    let seed = UInt64(settings.seed)
    let split = try Self.split(trainingSet, settings: settings)
    training = TrainingSamples(
      try SampleSource(
        trainingSet, indices: split.training, normalization: normalization, augmentation: settings.augmentation,
        seed: seed),
      order: EpochOrder(seed: seed, isShuffled: settings.shuffle))
    validation = try split.validation.map { indices in
      EvaluationSamples(try SampleSource(trainingSet, indices: indices, normalization: normalization, seed: seed))
    }
    test = try testSet.map { EvaluationSamples(try SampleSource($0, normalization: normalization, seed: seed)) }
    files = try fingerprint.files()
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
    of folder: DataFolder, classNames: [String], withTest: Bool
  ) throws(DatasetError) -> (training: ImageSet, test: ImageSet?) {
    guard withTest else { return (try folder.load(.training, classNames: classNames), nil) }
    let sets = try folder.loadBoth(classNames: classNames)
    return (sets.training, sets.test)
  }
}
