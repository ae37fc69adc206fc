/// A folder of `.npy` files, under one of three spellings of their names, and perhaps a `classes.txt`.
struct ArrayFolder: PartReader {
  let path: String

  func holds(_ part: DataSource.Part) -> Bool { part == .training || holdsAnyFile(of: part) }

  /// Whether at least one of the files is there, under any of its names.
  var holdsAnyFile: Bool { DataSource.Part.allCases.contains(where: holdsAnyFile) }

  private func holdsAnyFile(of part: DataSource.Part) -> Bool {
    existing(Self.names(part, of: .images) + Self.names(part, of: .labels)) != nil
  }

  func files(of part: DataSource.Part) throws(DatasetError) -> [String] {
    guard holds(part) else { return [] }
    return [try locate(Self.names(part, of: .images)), try locate(Self.names(part, of: .labels))] + classFile
  }

  func read(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet {
    let labels = try labels(part)
    let named = try ClassNames.read(from: file(ClassNames.fileName))
    let own: [String]
    if let known = named ?? classNames {
      own = known
    } else {
      own = ClassNames.numbers(upTo: (part == .training ? labels : try self.labels(.training)).largest)
    }
    try labels.check(classCount: own.count)
    let set = try labels.set(of: try ArrayFile.array(try locate(Self.names(part, of: .images))), classNames: own)
    guard named != nil, let classNames else { return set }
    return try set.renamed(to: classNames, path: file(ClassNames.fileName))
  }

  private func labels(_ part: DataSource.Part) throws(DatasetError) -> ArrayLabels {
    try ArrayLabels(try ArrayFile.array(try locate(Self.names(part, of: .labels))))
  }

  private static func names(_ part: DataSource.Part, of content: ArrayContent) -> [String] {
    content.names(part).map { $0 + ".npy" }
  }
}

/// What arrays hold, and what they are called for it.
enum ArrayContent {
  /// The images, `[N, H, W]` or `[N, H, W, C]`.
  case images
  /// Their labels, `[N]` or `[N, 1]`.
  case labels

  /// The names of the array: as Keras's examples have them, as MedMNIST has them, and as MNIST's files are called.
  func names(_ part: DataSource.Part) -> [String] {
    let prefix = part == .training ? "train" : "test"
    switch self {
    case .images: return ["\(prefix)-images", "\(prefix)_images", "x_\(prefix)"]
    case .labels: return ["\(prefix)-labels", "\(prefix)_labels", "y_\(prefix)"]
    }
  }
}
