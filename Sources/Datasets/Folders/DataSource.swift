internal import Support
internal import Synchronization
internal import Samples

/// Where a data set is: a folder of IDX files, of `.npy` arrays or of folders of pictures, or an `.npz` file.
public struct DataSource: Sendable {
  /// The folder or the file.
  public let path: String

  /// The form of the data set.
  public let layout: Layout

  /// How pictures become images, if the data consists of pictures.
  public var pictures: PictureReading

  /// The forms that a data set may have.
  public enum Layout: Hashable, Sendable {
    /// A folder of IDX files with MNIST's names.
    case idx
    /// A folder of `.npy` files.
    case arrays
    /// An `.npz` file.
    case archive
    /// A folder with a folder of pictures for each class.
    case pictures
    /// A folder with such a folder called `train`, and optionally others called `val` and `test`.
    case picturesInParts
  }

  /// The parts of a data set.
  public enum Part: CaseIterable, Hashable, Sendable {
    /// The training images.
    case training
    /// The validation images; not every data set has them.
    case validation
    /// The test images; not every data set has them.
    case test
  }

  /// Finds the form of the data set at a path. Loading it shows whether it is complete.
  ///
  /// - Throws: `DatasetError` if the path does not exist or is not a data set.
  public init(path: String, pictures: PictureReading = PictureReading()) throws(DatasetError) {
    guard let layout = try Self.layout(of: path) else {
      throw DatasetError(path: path, code: .nothingThere)
    }
    self.init(path: path, layout: layout, pictures: pictures)
  }

  init(path: String, layout: Layout, pictures: PictureReading) {
    self.path = path
    self.layout = layout
    self.pictures = pictures
  }

  /// Reads and checks one part.
  ///
  /// - Parameters:
  ///   - part: the part.
  ///   - classNames: a model's classes. If the data names its classes, labels are translated into this order; otherwise
  ///     labels are indices of it. Nil for the data's own classes.
  /// - Throws: `DatasetError`; `.noTestImages` and `.noValidationImages` for a missing part.
  public func load(_ part: Part, classNames: [String]? = nil) throws(DatasetError) -> ImageSet {
    try reader.load(part, classNames: classNames)
  }

  /// Whether a part exists, complete or not.
  public func holds(_ part: Part) throws(DatasetError) -> Bool { try reader.holds(part) }

  /// The contents of the path, and the files in it that are not used.
  public func inventory() throws(DatasetError) -> DataInventory { try reader.inventory() }

  /// Reads and checks the training and the test part; the test part is nil if it is missing.
  ///
  /// Files of numbers are read at the same time, on two threads. Unless a color mode is set, all pictures become gray
  /// or colored like those of the training part.
  public func loadBoth(classNames: [String]? = nil) throws(DatasetError) -> (training: ImageSet, test: ImageSet?) {
    switch layout {
    case .idx, .arrays:
      let results = Mutex<[Part: Result<ImageSet?, DatasetError>]>([:])
      let parts: [Part] = [.training, .test]
      let reader = reader
      Parallel.perform(count: parts.count) { index in
        let result = Result { () throws(DatasetError) in
          try reader.loadIfPresent(parts[index], classNames: classNames)
        }
        results.withLock { $0[parts[index]] = result }
      }
      let loaded = results.withLock { $0 }
      guard let training = try loaded[.training]?.get() else {
        return (try reader.load(.training, classNames: classNames), try loaded[.test]?.get())
      }
      return (training, try loaded[.test]?.get())
    case .archive:
      return try ArrayArchive(path: path).loadBoth(classNames: classNames)
    case .pictures, .picturesInParts:
      let training = try reader.load(.training, classNames: classNames)
      var source = self
      source.pictures.colors = training.shape.channels == 1 ? .gray : .color
      return (training, try source.reader.loadIfPresent(.test, classNames: classNames ?? training.classNames))
    }
  }

  /// The files of the part, in reading order; empty for a missing part.
  public func files(of part: Part) throws(DatasetError) -> [String] { try reader.files(of: part) }

  private var reader: any PartReader {
    switch layout {
    case .idx: IDXFolder(path: path)
    case .arrays: ArrayFolder(path: path)
    case .archive: ArrayArchive(path: path)
    case .pictures: PictureFolder(path: path, isInParts: false, reading: pictures)
    case .picturesInParts: PictureFolder(path: path, isInParts: true, reading: pictures)
    }
  }
}
