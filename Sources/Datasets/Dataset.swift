internal import Files
public import Samples
internal import Support

/// Images for training, validation and testing.
///
/// ```swift
/// let data = try Dataset(contentsOf: "fashion-mnist")
/// print(data.training.count, data.validation.count, data.test.count, data.classNames)
/// ```
public struct Dataset: SampleDescription, Sendable {
  /// The training samples, shuffled again in each epoch.
  public let training: SampleSource

  /// The validation samples, taken from the training set; empty without validation.
  public let validation: SampleSource

  /// The test samples; empty if the data has none.
  public let test: SampleSource

  /// The shape of an image.
  public var shape: Shape { training.shape }

  /// The classes, in the order of their labels.
  public var classNames: [String] { training.classNames }

  /// How pixels become numbers: known for Fashion-MNIST, otherwise measured on the training images.
  public var normalization: Normalization { training.normalization }

  /// Reads a data set: IDX files, NumPy arrays or folders of pictures, in any layout that `DataSource` supports.
  ///
  /// - Parameters:
  ///   - path: A folder, an `.npz` file, or the name of a data set that is installed. A name without a slash that is not in the working
  ///     directory is searched in `$XDG_DATA_HOME/jacquard` (by default `~/.local/share/jacquard`) and in `/usr/share/datasets`.
  ///   - validation: The number of training images to validate on, a tenth by default; nil for none.
  ///   - pictures: How pictures become images, if the data consists of pictures.
  ///   - seed: Decides the split, the order of the training samples and their augmentation.
  /// - Throws: `DatasetError` for data that is missing or damaged, `SettingError` if one side of the split would be
  ///   empty.
  public init(
    contentsOf path: String, validation: ValidationSize? = .fraction(0.1), pictures: PictureReading = PictureReading(),
    seed: UInt64 = 1
  ) throws {
    let source = try DataSource.named(path, environment: Self.places, pictures: pictures)
    let (training, test) = try source.loadBoth()
    if let test, test.shape != training.shape {
      throw DatasetError(path: source.path, code: .partsDiffer(training: training.shape, test: test.shape))
    }
    try self.init(training: training, test: test, validation: validation, seed: seed)
  }

  /// Makes a data set of images in memory.
  ///
  /// - Throws: `SettingError` if one side of the split would be empty.
  /// - Precondition: both sets have the same shape and the same classes.
  public init(
    training images: ImageSet, test: ImageSet? = nil, validation size: ValidationSize? = .fraction(0.1),
    seed: UInt64 = 1
  ) throws(SettingError) {
    let test = test ?? ImageSet(shape: images.shape, classNames: images.classNames, images: [], labels: [])
    require(
      test.shape == images.shape && test.classNames == images.classNames,
      "Dataset: test and training images must have the same shape and classes.")
    let split = try size.map { size throws(SettingError) in try Split(of: images, validation: size, seed: seed) }
    let learned = split?.training ?? images.allIndices
    let normalization = Normalization(suiting: images, indices: learned)
    training = try SampleSource(
      images, indices: learned, normalization: normalization, isShuffled: true, seed: seed)
    validation = try SampleSource(
      images, indices: split?.validation ?? [], normalization: normalization, seed: seed)
    self.test = try SampleSource(test, normalization: normalization, seed: seed)
  }

  /// The environment variables that contain the folders of installed data sets.
  private static var places: [String: String] {
    var places: [String: String] = [:]
    for name in ["HOME", "XDG_DATA_HOME"] { places[name] = Environment.value(name) }
    return places
  }
}
