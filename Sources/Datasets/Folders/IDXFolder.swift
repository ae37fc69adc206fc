internal import Files
internal import Samples
internal import Support

/// A folder of IDX files with the names of MNIST or its successors, and optionally a `classes.txt`.
struct IDXFolder: PartReader {
  let path: String

  func holds(_ part: DataSource.Part) throws(DatasetError) -> Bool {
    if part == .training { return true }
    return try files().contains { $0.name.part == part }
  }

  /// Whether at least one of the files exists, under any of its names.
  var holdsAnyFile: Bool { !((try? all()) ?? []).isEmpty }

  func files(of part: DataSource.Part) throws(DatasetError) -> [String] {
    try holds(part) ? [try imagesPath(part), try labelsPath(part)] + classFile : []
  }

  /// The file of images.
  func imagesPath(_ part: DataSource.Part) throws(DatasetError) -> String { try locate(part, .images) }

  /// The file of labels.
  func labelsPath(_ part: DataSource.Part) throws(DatasetError) -> String { try locate(part, .labels) }

  func read(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet {
    // Labels first: they are small, and problems are usually in them.
    let labels = try IDXArray(contentsOf: labelsPath(part))
    let values = try labels.labelValues()
    let named = try ClassNames.read(from: file(ClassNames.fileName))
    let isKnown =
      named == nil && classNames == nil
      && FashionMNIST.isLabels(part == .training ? labels : try? IDXArray(contentsOf: labelsPath(.training)))
    let placing = LabelPlacing(
      named: named ?? (isKnown ? FashionMNIST.classNames : nil), expected: classNames,
      path: file(ClassNames.fileName))
    let placed = try placing.places(of: values, refusal: labels.labelRefusal) { () throws(DatasetError) in
      if part == .training { return values.max() ?? 0 }
      let training = try IDXArray(contentsOf: labelsPath(.training))
      let values = try training.labelValues()
      if let index = values.firstIndex(where: { $0 < 0 || $0 >= ClassNames.largestCount }) {
        throw training.labelRefusal(index: index, value: values[index], classCount: ClassNames.largestCount)
      }
      return values.max() ?? 0
    }
    return try ImageSet(images: try IDXArray(contentsOf: imagesPath(part)), labels: labels, placed)
  }

  func inventory() throws(DatasetError) -> DataInventory {
    var inventory = DataInventory()
    let files = try files()
    for part in DataSource.Part.allCases {
      let names = [IDXName.Content.images, .labels].compactMap { content in
        files.first { $0.name.part == part && $0.name.content == content }?.entry
      }
      if !names.isEmpty { inventory.add(part, names) }
    }
    let used = inventory.found.flatMap(\.names)
    var others: [String] = []
    for entry in try FileName.textNames(in: path).names where !used.contains(entry) && entry != ClassNames.fileName {
      if IDXName(entry) != nil {
        inventory.leaveOut(entry, because: "the same file under another name")
      } else if Folder.kind(file(entry)) == .folder {
        inventory.leaveOut("the folder \(entry)", because: "a folder beside IDX files")
      } else {
        others.append(entry)
      }
    }
    inventory.leaveOut(files: others, because: "not IDX files of a known name")
    inventory.leaveOutUnnamed(try FileName.textNames(in: path).others)
    return inventory
  }

  /// A file and the meaning of its name.
  private struct Found {
    /// Its name in the folder, or that of the inner folder that contains it.
    let entry: String
    let path: String
    let name: IDXName
  }

  /// The files of the data set.
  ///
  /// - Throws: `DatasetError` for several data sets.
  private func files() throws(DatasetError) -> [Found] {
    let all = try all()
    let prefixes = Set(all.map(\.name.prefix))
    // MNIST's own names come first.
    if prefixes.contains("") || prefixes.count <= 1 {
      return all.filter { $0.name.prefix.isEmpty || prefixes.count == 1 }
    }
    throw DatasetError(path: path, code: .severalDataSets(prefixes: prefixes.sorted()))
  }

  /// All files with known names, preferred first: a dash before a dot, plain before packed, and files before folders, into which some programs unpack
  /// each file.
  private func all() throws(DatasetError) -> [Found] {
    var found: [(rank: [Int], found: Found)] = []
    for entry in try FileName.textNames(in: path).names {
      guard let name = IDXName(entry) else { continue }
      var target = file(entry)
      let isFolder = Folder.kind(target) == .folder
      if isFolder, let inner = try FileName.textNames(in: target).names.first(where: { IDXName($0) == name }) {
        target += "/" + inner
      }
      if Folder.kind(target) == .nothing { continue }
      let rank = [isFolder ? 1 : 0, entry.contains(".idx") ? 1 : 0, entry.endsWith(bytesOf: ".gz") ? 1 : 0]
      found.append((rank, Found(entry: entry, path: target, name: name)))
    }
    return found.sorted { one, other in
      one.rank == other.rank
        ? one.found.entry < other.found.entry : one.rank.lexicographicallyPrecedes(other.rank)
    }.map(\.found)
  }

  private func locate(_ part: DataSource.Part, _ content: IDXName.Content) throws(DatasetError) -> String {
    let found = try files().first { $0.name.part == part && $0.name.content == content }
    guard let found else { throw DatasetError(path: path, code: .fileMissing(names: Self.usualNames(part, content))) }
    return found.path
  }

  /// The names for messages: `-` or `.` before `idx3`, plain before `.gz`; `idx4` with channels.
  private static func usualNames(_ part: DataSource.Part, _ content: IDXName.Content) -> [String] {
    let prefix = part == .test ? "t10k" : part.names[0]
    return (content == .images ? [3, 4] : [1]).flatMap { rank in
      ["-", "."].flatMap { separator in
        ["", ".gz"].map { "\(prefix)-\(content)\(separator)idx\(rank)-ubyte\($0)" }
      }
    }
  }
}
