package import Datasets
package import JacquardEngine

/// The training, validation and test images of a run, and the model, which may depend on them.
package struct TrainingData {
  /// The model, with the images' shape, classes and preprocessing.
  package let model: Model
  /// The training images.
  package let training: SampleSource
  /// Set aside from the training set, or the data's own validation part; nil if there is neither.
  package let validation: SampleSource?
  /// Evaluated once, at the end; nil if the settings omit it or the data has none.
  package let test: SampleSource?
  /// The networks that the training imitates.
  package let teachers: [Teacher]
  /// How much the images of each class count in the loss; nil for the same.
  package let classWeights: [Double]?
  /// Whether the settings ask for test images that the data lacks.
  package let lacksTest: Bool
  /// The files that all of it was read from.
  package let files: [Provenance.DataFile]
  /// The folder or file as the user knows it.
  package let path: String
  /// The pictures skipped because they cannot be read.
  package let skipped: [DatasetError]
  /// The number of training images that the settings exclude.
  package let excluded: Int
  /// The parts of the data that are not read; nil if all are.
  package let leftOut: String?

  /// Reads and splits a data set.
  package init(_ source: DataSource, model choice: ModelChoice, settings: TrainSettings) throws {
    let fingerprint = try Self.fingerprint(of: source, settings: settings)
    let (trainingSet, testSet) = try Self.sets(of: source, classNames: choice.classNames, withTest: settings.test)
    let selection = try TrainingSelection(of: trainingSet, in: source, settings: settings)
    let split = try Self.split(trainingSet, settings: settings, selection: selection)
    model = try choice.model(
      for: trainingSet, indices: split.training, path: source.path,
      isResizable: source.contentBesidesPictures == nil)
    try model.check(trainingSet.shape, of: source.path)
    teachers = try settings.teachers.map { [model] path in
      try Teacher(path, of: model, data: source.path, options: settings.computeOptions)
    }
    if let testSet { try model.check(testSet.shape, of: source.path) }
    let ownValidation = try Self.ownValidation(
      of: source, settings: settings, training: trainingSet, classNames: choice.classNames)
    if let ownValidation { try model.check(ownValidation.shape, of: source.path) }
    let normalization = try model.normalization()
    let seed = UInt64(settings.seed)
    training = try SampleSource(
      trainingSet, indices: split.training, normalization: normalization, augmentation: settings.augmentation,
      isShuffled: settings.shuffle, sampling: settings.sampling, seed: seed)
    classWeights = try settings.classWeights.weights(for: training)
    if let ownValidation {
      validation = try SampleSource(ownValidation, normalization: normalization, seed: seed)
    } else {
      validation = try split.validation.map { indices in
        try SampleSource(trainingSet, indices: indices, normalization: normalization, seed: seed)
      }
    }
    test = try testSet.map { try SampleSource($0, normalization: normalization, seed: seed) }
    lacksTest = settings.test && testSet == nil
    files = try fingerprint.files()
    path = source.path
    skipped = source.pictures.log?.broken ?? []
    excluded = selection.excluded.count
    leftOut = try Self.leftOut(of: source, settings: settings)
  }

  /// The settings as a run records them: class weights of a table are a list.
  func recorded(_ settings: TrainSettings) -> TrainSettings {
    var settings = settings
    settings.classWeights = settings.classWeights.recorded(as: classWeights)
    return settings
  }

  /// The settings for the engine's trainer of these images.
  package func trainingConfiguration(_ settings: TrainSettings) -> TrainingConfiguration {
    var configuration = settings.trainingConfiguration
    configuration.classWeights = classWeights
    return configuration
  }

  /// The recipe for a network of the model.
  package func recipe(_ settings: TrainSettings, for network: Network) -> TrainingRecipe {
    var recipe = trainingConfiguration(settings).recipe
    recipe.groups = settings.groups(for: network)
    recipe.freezing = settings.freezing
    if !teachers.isEmpty {
      recipe.distillation = Distillation(
        teachers.map(\.network), temperature: settings.teacherTemperature, weight: settings.teacherWeight)
    }
    return recipe
  }

  /// The data files and teachers that a training with these settings depends on.
  package static func fingerprint(of source: DataSource, settings: TrainSettings) throws -> DataFingerprint {
    var parts: [DataSource.Part] = [.training]
    if settings.validation == nil, settings.fold == nil { parts.append(.validation) }
    if settings.test { parts.append(.test) }
    return try DataFingerprint(
      of: parts, in: source, besides: TrainingSelection.files(settings),
      teachers: try settings.teachers.map(Teacher.file))
  }

  /// The data's own validation part, used unless the settings set training images aside.
  private static func ownValidation(
    of source: DataSource, settings: TrainSettings, training: ImageSet, classNames: [String]?
  ) throws(DatasetError) -> ImageSet? {
    guard settings.validation == nil, settings.fold == nil, try source.holds(.validation) else { return nil }
    var source = source
    // Read like the training part, even if all its pictures are gray.
    if source.pictures.colors == .automatic { source.pictures.colors = training.shape.channels == 1 ? .gray : .color }
    return try source.load(.validation, classNames: classNames ?? training.classNames)
  }

  /// The parts of the data that are not read, in one sentence.
  private static func leftOut(of source: DataSource, settings: TrainSettings) throws(DatasetError) -> String? {
    let inventory = try source.inventory()
    var texts = [inventory.leftOutText].compactMap { $0 }
    if settings.validation != nil || settings.fold != nil,
      let own = inventory.found.first(where: { $0.part == .validation })
    {
      texts.append("\(own.names.joined(separator: ", ")) (validation images are set aside from the training part)")
    }
    return texts.isEmpty ? nil : texts.joined(separator: ", ")
  }

  /// The training and validation images, as the settings split the training set.
  ///
  /// - Parameter selection: The images to leave out, and the groups of the folds.
  /// - Throws: `SettingError` if nothing would be left, or the images cannot be divided so.
  package static func split(
    _ set: ImageSet, settings: TrainSettings, selection: TrainingSelection
  ) throws(SettingError) -> (training: [Int32], validation: [Int32]?) {
    let first = set.allIndices.prefix(settings.maximumTrainingImages ?? set.count)
    let used = first.filter { !selection.excluded.contains($0) }
    guard !used.isEmpty else {
      throw SettingError(
        setting: "exclude", part: settings.exclude ?? "", reason: "leaves none of \(first.count) training images")
    }
    if let fold = settings.fold {
      let folds = try Folds(
        of: set, indices: used, count: fold.count, groups: selection.groups, seed: UInt64(settings.seed))
      return (folds.training(without: fold.number - 1), folds.members[fold.number - 1])
    }
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
