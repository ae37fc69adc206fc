internal import Dispatch
internal import Synchronization

/// A folder that holds a data set's four IDX files, under the names that MNIST gave them.
public struct DataFolder: Hashable, Sendable {
  /// The folder.
  public let path: String

  /// Takes the folder at `path`. Whether the files are there shows when they are loaded.
  public init(path: String) {
    self.path = path
  }

  /// The two parts that such a data set comes in.
  public enum Part: CaseIterable, Hashable, Sendable {
    /// The images to learn from.
    case training
    /// The images to be judged by.
    case test

    var prefix: String {
      switch self {
      case .training: "train"
      case .test: "t10k"
      }
    }
  }

  /// The file of images of a part, under whichever of its names is there: `-` or `.` before `idx3`, plain before `.gz`.
  ///
  /// - Throws: `DatasetError` when none is there.
  public func imagesPath(_ part: Part) throws(DatasetError) -> String {
    try locate(Self.names(part, of: "images", rank: 3))
  }

  /// The file of labels of a part, under whichever of its names is there.
  ///
  /// - Throws: `DatasetError` when none is there.
  public func labelsPath(_ part: Part) throws(DatasetError) -> String {
    try locate(Self.names(part, of: "labels", rank: 1))
  }

  /// Reads and checks one part.
  ///
  /// - Parameters:
  ///   - part: which one.
  ///   - classNames: the classes, in the order of their labels.
  public func load(
    _ part: Part, classNames: [String] = FashionMNIST.classNames
  ) throws(DatasetError) -> ImageSet {
    // The labels first: they are small, and often all that is wrong.
    let labels = try IDXArray(contentsOf: labelsPath(part))
    try labels.checkLabels(classCount: classNames.count)
    return try ImageSet(images: IDXArray(contentsOf: imagesPath(part)), labels: labels, classNames: classNames)
  }

  /// Reads and checks both parts at the same time, on two threads.
  public func loadBoth(
    classNames: [String] = FashionMNIST.classNames
  ) throws(DatasetError) -> (training: ImageSet, test: ImageSet) {
    let results = Mutex<[Part: Result<ImageSet, DatasetError>]>([:])
    let parts = Part.allCases
    DispatchQueue.concurrentPerform(iterations: parts.count) { index in
      let result = Result { () throws(DatasetError) in try load(parts[index], classNames: classNames) }
      results.withLock { $0[parts[index]] = result }
    }
    let loaded = results.withLock { $0 }
    func set(_ part: Part) throws(DatasetError) -> ImageSet {
      guard let result = loaded[part] else { return try load(part, classNames: classNames) }
      return try result.get()
    }
    return (try set(.training), try set(.test))
  }

  /// Whether at least one of the files is there, under any of its names.
  var holdsAnyFile: Bool {
    Part.allCases.contains { part in
      (Self.names(part, of: "images", rank: 3) + Self.names(part, of: "labels", rank: 1))
        .contains { InputFile.exists(file($0)) }
    }
  }

  private static func names(_ part: Part, of content: String, rank: Int) -> [String] {
    ["-", "."].flatMap { separator in
      ["", ".gz"].map { "\(part.prefix)-\(content)\(separator)idx\(rank)-ubyte\($0)" }
    }
  }

  private func locate(_ names: [String]) throws(DatasetError) -> String {
    guard let name = names.first(where: { InputFile.exists(file($0)) }) else {
      throw DatasetError(path: path, code: .fileMissing(names: names))
    }
    return file(name)
  }

  private func file(_ name: String) -> String {
    path.hasSuffix("/") ? path + name : path + "/" + name
  }
}
