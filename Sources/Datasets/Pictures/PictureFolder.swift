internal import Support
internal import Files
internal import Samples

/// A folder with a folder of pictures for each class, or with such folders in `train` and `test`.
struct PictureFolder: PartReader {
  let path: String
  let isInParts: Bool
  let reading: PictureReading

  /// Other kinds of pictures that people have: to pass them by in silence would lose images.
  private static let foreignEndings = [
    ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".avif", ".ppm", ".pgm", ".jp2", ".svg",
  ]

  /// The layout of a folder that holds folders; nil for another one.
  static func layout(of path: String) throws(DatasetError) -> DataSource.Layout? {
    let folders = try subfolders(of: path)
    // A class may be called "train", but then it holds files.
    if folders.contains("train"), !(try subfolders(of: path + "/train")).isEmpty { return .picturesInParts }
    return folders.isEmpty ? nil : .pictures
  }

  func holds(_ part: DataSource.Part) -> Bool {
    part == .training || (isInParts && Folder.kind(file("test")) == .folder)
  }

  func files(of part: DataSource.Part) throws(DatasetError) -> [String] {
    guard holds(part) else { return [] }
    var files: [String] = []
    for folder in try Self.subfolders(of: root(part)) {
      files += try pictures(in: root(part) + "/" + folder, endings: reading.decoder.endings)
    }
    return files
  }

  func read(_ part: DataSource.Part, classNames: [String]?) throws(DatasetError) -> ImageSet {
    let root = root(part)
    let found = try Self.subfolders(of: root)
    let own = part == .training ? found : try Self.subfolders(of: self.root(.training))
    guard classNames != nil || (2...ClassNames.largestCount).contains(own.count) else {
      throw DatasetError(path: root, code: .picture(.tooFewClasses(found: own)))
    }
    let expected = classNames ?? own
    let places = try ClassNames.places(of: found, among: expected, path: root)
    var files: [String] = []
    var labels: [UInt16] = []
    for (folder, label) in zip(found, places) {
      let pictures = try pictures(in: root + "/" + folder, endings: reading.decoder.endings)
      files += pictures
      labels += repeatElement(label, count: pictures.count)
    }
    let images = try PictureImages(files, reading: reading)
    return ImageSet(shape: images.shape, classNames: expected, images: images.pixels, labels: labels)
  }

  private func root(_ part: DataSource.Part) -> String {
    isInParts ? file(part == .training ? "train" : "test") : path
  }

  /// The pictures of a class, by name.
  private func pictures(in folder: String, endings: [String]) throws(DatasetError) -> [String] {
    var files: [String] = []
    for name in try Self.names(in: folder) {
      let file = folder + "/" + name
      if Folder.kind(file) == .folder { throw DatasetError(path: file, code: .picture(.nestedFolder)) }
      let lowercased = name.lowercased()
      if endings.contains(where: lowercased.endsWith(bytesOf:)) {
        files.append(file)
      } else if let ending = Self.foreignEndings.first(where: lowercased.endsWith(bytesOf:)) {
        throw DatasetError(path: file, code: .picture(.otherFormat(ending: ending, known: endings)))
      }
    }
    guard !files.isEmpty else { throw DatasetError(path: folder, code: .picture(.noPictures(endings: endings))) }
    return files
  }

  /// The names in a folder, in order, without those that begin with a dot: they are the system's or an editor's.
  private static func names(in folder: String) throws(DatasetError) -> [String] {
    do throws(FileError) {
      return try Folder.names(folder).filter { !$0.beginsWith(bytesOf: ".") }
    } catch {
      if case .nameNotUTF8(let bytes) = error.cause {
        throw DatasetError(path: folder, code: .picture(.nameNotUTF8(bytes)))
      }
      throw DatasetError(path: folder, code: .cannotOpen(errorNumber: error.systemCode ?? 0))
    }
  }

  private static func subfolders(of path: String) throws(DatasetError) -> [String] {
    var folders: [String] = []
    for name in try names(in: path) where Folder.kind(path + "/" + name) == .folder {
      folders.append(name)
    }
    return folders
  }
}
