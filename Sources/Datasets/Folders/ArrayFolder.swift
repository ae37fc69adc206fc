internal import Support

/// A folder of `.npy` files, with one of three spellings of their names, and optionally a `classes.txt`.
struct ArrayFolder: PartReader {
  let path: String

  func holds(_ part: DataSource.Part) -> Bool { part == .training || holdsAnyFile(of: part) }

  /// Whether at least one of the files exists, under any of its names.
  var holdsAnyFile: Bool { DataSource.Part.allCases.contains(where: holdsAnyFile) }

  private func holdsAnyFile(of part: DataSource.Part) -> Bool {
    existing(Self.names(part, of: .images) + Self.names(part, of: .labels)) != nil
  }

  func files(of part: DataSource.Part) throws(DatasetError) -> [String] {
    guard holds(part) else { return [] }
    return [try locate(.images, part), try locate(.labels, part)] + classFile
  }

  func read(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet {
    let labels = try labels(part)
    let placing = LabelPlacing(
      named: try ClassNames.read(from: file(ClassNames.fileName)), expected: classNames,
      path: file(ClassNames.fileName))
    let placed = try placing.places(of: labels.values, refusal: labels.refusal) { () throws(DatasetError) in
      (part == .training ? labels : try self.labels(.training)).largest
    }
    return try labels.set(of: try ArrayFile(contentsOf: try locate(.images, part)), placed)
  }

  func inventory() throws(DatasetError) -> DataInventory {
    var inventory = DataInventory()
    var used = [ClassNames.fileName]
    for part in DataSource.Part.allCases where holdsAnyFile(of: part) {
      let names = [ArrayContent.images, .labels].compactMap { existing(Self.names(part, of: $0)) }
      inventory.add(part, names.map { PathText.name($0) })
      used += inventory.found.last?.names ?? []
    }
    let (names, unnamed) = try FileName.textNames(in: path)
    let others = names.filter { !used.contains($0) }
    for name in others where FileName.ending(of: name) == ".npy" {
      inventory.leaveOut(name, because: "not a known name")
    }
    inventory.leaveOut(files: others.filter { FileName.ending(of: $0) != ".npy" }, because: "not arrays")
    inventory.leaveOutUnnamed(unnamed)
    return inventory
  }

  private func locate(_ content: ArrayContent, _ part: DataSource.Part) throws(DatasetError) -> String {
    guard let file = existing(Self.names(part, of: content)) else {
      throw DatasetError(path: path, code: .fileMissing(names: content.usualNames(part).map { $0 + ".npy" }))
    }
    return file
  }

  private func labels(_ part: DataSource.Part) throws(DatasetError) -> ArrayLabels {
    try ArrayLabels(try ArrayFile(contentsOf: try locate(.labels, part)))
  }

  private static func names(_ part: DataSource.Part, of content: ArrayContent) -> [String] {
    content.names(part).map { $0 + ".npy" }
  }
}

/// The contents of arrays, with their names.
enum ArrayContent {
  /// The images, `[N, H, W]` or `[N, H, W, C]`.
  case images
  /// Their labels, `[N]` or `[N, 1]`.
  case labels

  /// The names of the array: those of Keras's examples, of MedMNIST, and of MNIST's files.
  func names(_ part: DataSource.Part) -> [String] {
    part.names.flatMap { prefix in
      switch self {
      case .images: ["\(prefix)-images", "\(prefix)_images", "x_\(prefix)", "X_\(prefix)"]
      case .labels: ["\(prefix)-labels", "\(prefix)_labels", "y_\(prefix)", "Y_\(prefix)"]
      }
    }
  }

  /// The names that messages list.
  func usualNames(_ part: DataSource.Part) -> [String] { Array(names(part).prefix(3)) }
}
