internal import Files
internal import NumPy
internal import Support

/// An `.npz` file with the arrays `x_train`, `y_train`, `x_test` and `y_test`, or other spellings of these names.
struct ArrayArchive: PartReader {
  let path: String

  func holds(_ part: DataSource.Part) throws(DatasetError) -> Bool {
    part == .training ? true : try holds(part, in: try bytes())
  }

  func files(of part: DataSource.Part) -> [String] { [path] + (InputFile.exists(classesPath) ? [classesPath] : []) }

  func loadIfPresent(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet? {
    let bytes = try bytes()
    if part != .training, !(try holds(part, in: bytes)) { return nil }
    return try read(part, in: bytes, classNames: classNames)
  }

  func read(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet {
    try read(part, in: try bytes(), classNames: classNames)
  }

  /// Both parts, from one reading of the file.
  func loadBoth(classNames: [String]?) throws(DatasetError) -> (training: ImageSet, test: ImageSet?) {
    let bytes = try bytes()
    let training = try read(.training, in: bytes, classNames: classNames)
    return (training, try holds(.test, in: bytes) ? try read(.test, in: bytes, classNames: classNames) : nil)
  }

  /// The optional file with a class name in each line: `clothes.classes.txt` beside `clothes.npz`.
  private var classesPath: String {
    (path.endsWith(bytesOf: ".npz") ? String(path.dropLast(4)) : path) + "." + ClassNames.fileName
  }

  private func bytes() throws(DatasetError) -> StoredBytes {
    let file = try InputFile(path: path)
    if let mapped = file.mapped(0..<file.byteCount) { return mapped }
    return StoredBytes(try file.allBytes(atMost: ArrayFile.largestByteCount))
  }

  private func holds(_ part: DataSource.Part, in bytes: StoredBytes) throws(DatasetError) -> Bool {
    let names = try names(in: bytes)
    return (ArrayContent.images.names(part) + ArrayContent.labels.names(part)).contains(where: names.contains)
  }

  private func read(_ part: DataSource.Part, in bytes: StoredBytes, classNames: [String]?) throws(DatasetError)
    -> ImageSet
  {
    let labels = try ArrayLabels(try array(.labels, part, in: bytes))
    let placing = LabelPlacing(
      named: try ClassNames.read(from: classesPath), expected: classNames, path: classesPath)
    let placed = try placing.places(of: labels.values, refusal: labels.refusal) { () throws(DatasetError) in
      (part == .training ? labels : try ArrayLabels(try array(.labels, .training, in: bytes))).largest
    }
    return try labels.set(of: try array(.images, part, in: bytes), placed)
  }

  func inventory() throws(DatasetError) -> DataInventory {
    var inventory = DataInventory()
    let names = try names(in: try bytes())
    var used: [String] = []
    for part in DataSource.Part.allCases {
      let found = [ArrayContent.images, .labels].compactMap { content in
        content.names(part).first(where: names.contains)
      }
      guard !found.isEmpty else { continue }
      inventory.add(part, found)
      used += found
    }
    for name in names
    where !used.contains(name) && !name.split(separator: "/").contains(where: { FileName.isSystem(String($0)) }) {
      inventory.leaveOut("the array \"\(name)\"", because: "not a known name")
    }
    return inventory
  }

  private func names(in bytes: StoredBytes) throws(DatasetError) -> [String] {
    do throws(NumPyArchiveError) {
      return try NumPyArchive.names(file: bytes, path: path)
    } catch {
      throw DatasetError(path: path, code: .array(.unreadable("\(error)")))
    }
  }

  private func array(
    _ content: ArrayContent, _ part: DataSource.Part, in bytes: StoredBytes
  ) throws(DatasetError) -> ArrayFile {
    let found = try names(in: bytes)
    let names = content.names(part)
    guard let name = names.first(where: found.contains) else {
      throw DatasetError(path: path, code: .array(.missing(names: content.usualNames(part), found: found)))
    }
    let archive: NumPyArchive
    do throws(NumPyArchiveError) {
      if bytes.isMapped, let layout = try NumPyArchive.layout(of: name, file: bytes, path: path),
        layout.data.count >= StoredBytes.fewestMappedBytes
      {
        return ArrayFile(
          path: "\(path), \(name)", elementType: layout.elementType, shape: layout.shape,
          bytes: bytes.taking(layout.data))
      }
      archive = try NumPyArchive(file: bytes, path: path, names: [name], maximumByteCount: ArrayFile.largestByteCount)
    } catch {
      throw DatasetError(path: path, code: .array(.unreadable("\(error)")))
    }
    guard let array = archive[name] else {
      throw DatasetError(path: path, code: .array(.missing(names: [name], found: found)))
    }
    return ArrayFile(path: "\(path), \(name)", array: array)
  }
}
