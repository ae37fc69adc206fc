internal import Support
internal import Files
internal import Samples

/// A folder with a folder of pictures for each class, or with such folders in `train` and `test`.
struct PictureFolder: PartReader {
  let path: String
  let isInParts: Bool
  let reading: PictureReading

  /// The layout of a folder that contains folders; nil for others.
  static func layout(of path: String) throws(DatasetError) -> DataSource.Layout? {
    let folders = try subfolders(of: path)
    // A class may be called "train", but then it contains files.
    for name in folders where DataSource.Part.training.names.contains(name.lowercased()) {
      if !(try subfolders(of: path + "/" + name)).isEmpty { return .picturesInParts }
    }
    return folders.isEmpty ? nil : .pictures
  }

  func holds(_ part: DataSource.Part) throws(DatasetError) -> Bool {
    if part == .training { return true }
    // Pictures without classes are not a test part.
    guard isInParts, let root = try partFolder(part) else { return false }
    return !(try Self.subfolders(of: root)).isEmpty
  }

  func files(of part: DataSource.Part) throws(DatasetError) -> [String] {
    guard try holds(part) else { return [] }
    let root = try root(part)
    var files: [String] = []
    for folder in try Self.subfolders(of: root) {
      files += try pictures(in: root + "/" + folder, endings: reading.decoder.endings)
    }
    return files + (try names(of: try Self.subfolders(of: try self.root(.training))) == nil ? [] : classFile)
  }

  func read(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet {
    let root = try root(part)
    let found = try Self.subfolders(of: root)
    let folders = part == .training ? found : try Self.subfolders(of: try self.root(.training))
    guard classNames != nil || (2...ClassNames.largestCount).contains(folders.count) else {
      throw DatasetError(path: root, code: .picture(.tooFewClasses(found: folders)))
    }
    let naming = try names(of: folders)
    let own = naming.map { naming in naming.order } ?? folders
    let expected = classNames ?? own
    let places = try ClassNames.places(
      of: found.map { naming?.names[$0] ?? $0 }, among: expected, path: root)
    var files: [String] = []
    var labels: [UInt16] = []
    for (folder, label) in zip(found, places) {
      let pictures = try pictures(in: root + "/" + folder, endings: reading.decoder.endings)
      files += pictures
      labels += repeatElement(label, count: pictures.count)
    }
    let images = try PictureImages(files, in: root, reading: reading)
    return ImageSet(
      shape: images.shape, classNames: expected, images: images.pixels, labels: images.kept.map { labels[$0] })
  }

  func inventory() throws(DatasetError) -> DataInventory {
    var inventory = DataInventory()
    let endings = reading.decoder.endings
    func isPicture(_ name: String) -> Bool { endings.contains(where: name.lowercased().endsWith(bytesOf:)) }
    var used: [String] = []
    var unknown: [String] = []
    for part in DataSource.Part.allCases where try holds(part) {
      let root = try root(part)
      inventory.add(part, [isInParts ? PathText.name(root) : "."])
      used += isInParts ? [inventory.found.last?.names.first ?? ""] : try Self.subfolders(of: root)
      for folder in try Self.subfolders(of: root) {
        unknown += try FileName.names(in: root + "/" + folder).filter { !isPicture($0) }
      }
      if isInParts { unknown += try FileName.names(in: root).filter { Folder.kind(root + "/" + $0) != .folder } }
    }
    let hasNames = try names(of: try Self.subfolders(of: try root(.training))) != nil
    for name in try FileName.names(in: path) where !used.contains(name) {
      if Folder.kind(file(name)) == .folder {
        let isPart = DataSource.Part.allCases.contains { $0.names.contains(name.lowercased()) }
        inventory.leaveOut(
          "the folder \(name)",
          because: !isPart
            ? "not a known part"
            : (try Self.subfolders(of: file(name))).isEmpty
              ? "it contains no folders of classes" : "a duplicate of a part")
      } else if name == ClassNames.fileName {
        if !hasNames { inventory.leaveOut(name, because: "its names are not those of the folders") }
      } else {
        unknown.append(name)
      }
    }
    inventory.leaveOut(files: unknown.filter { !isPicture($0) }, because: "not supported")
    inventory.leaveOut(files: unknown.filter(isPicture), because: "outside the folders of classes")
    return inventory
  }

  /// The folder's list of classes, if it fits: the names of the class folders in another order, or names for folders
  /// whose names are numbers.
  private func names(
    of folders: [String]
  ) throws(DatasetError) -> (order: [String], names: [String: String])? {
    guard isListed, let listed = try? ClassNames.read(from: file(ClassNames.fileName)) else { return nil }
    if listed.count == folders.count, Set(listed) == Set(folders) { return (listed, [:]) }
    guard folders.allSatisfy(ClassNames.isWholeNumber) else { return nil }
    var names: [String: String] = [:]
    for folder in folders {
      guard let number = Int(folder), listed.indices.contains(number) else { return nil }
      names[folder] = listed[number]
    }
    return (listed, names)
  }

  private var isListed: Bool { existing([ClassNames.fileName]) != nil }

  private func root(_ part: DataSource.Part) throws(DatasetError) -> String {
    guard isInParts else { return path }
    return try partFolder(part) ?? file(part.names[0])
  }

  /// The folder of a part, ignoring case: the first of its names that contains classes, otherwise the first that
  /// exists.
  private func partFolder(_ part: DataSource.Part) throws(DatasetError) -> String? {
    let folders = try Self.subfolders(of: path)
    var empty: String?
    for name in part.names {
      for folder in folders where folder.lowercased() == name {
        if !(try Self.subfolders(of: file(folder))).isEmpty { return file(folder) }
        empty = empty ?? file(folder)
      }
    }
    return empty
  }

  /// The pictures of a class, sorted by name.
  private func pictures(in folder: String, endings: [String]) throws(DatasetError) -> [String] {
    var files: [String] = []
    for name in try FileName.names(in: folder) {
      let file = folder + "/" + name
      if Folder.kind(file) == .folder { throw DatasetError(path: file, code: .picture(.nestedFolder)) }
      let lowercased = name.lowercased()
      if endings.contains(where: lowercased.endsWith(bytesOf:)) { files.append(file) }
    }
    guard !files.isEmpty else { throw DatasetError(path: folder, code: .picture(.noPictures(endings: endings))) }
    return files
  }

  private static func subfolders(of path: String) throws(DatasetError) -> [String] {
    var folders: [String] = []
    for name in try FileName.names(in: path) where Folder.kind(path + "/" + name) == .folder { folders.append(name) }
    return ClassNames.sorted(folders)
  }
}
