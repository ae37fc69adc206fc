internal import Files
internal import Glibc
internal import Support

extension PictureCache {
  /// A file of the cache.
  public struct Entry: Sendable {
    /// What it is called, without its ending.
    public let name: String
    /// The path of the file.
    public let path: String
    /// The size of the file in bytes.
    public let byteCount: Int
    /// When it was written, in seconds since 1970.
    public let seconds: Int
    /// What it holds; nil for a damaged or foreign file.
    public let content: Content?
    /// Whether it is what a process that ended early, or one that still works, has written so far.
    public let isUnfinished: Bool
  }

  /// What a cache file holds.
  public struct Content: Sendable {
    /// The folder of pictures.
    public let folder: String
    /// The number of images.
    public let count: Int
    /// The size of an image.
    public let height: Int
    /// The size of an image.
    public let width: Int
    /// 1 for gray images, 3 for images in color.
    public let channels: Int
  }

  /// The files of the cache, sorted by name; none if there is no folder. Their pixels are not read.
  ///
  /// - Throws: `FileError` for a folder that cannot be read.
  public func entries() throws(FileError) -> [Entry] {
    guard Folder.kind(folder) == .folder else { return [] }
    var entries: [Entry] = []
    for name in try Folder.textNames(folder).names {
      let isUnfinished = AtomicFile.isTemporary(name)
      guard name.endsWith(bytesOf: Self.suffix) || isUnfinished else { continue }
      let path = PathText.joined(folder, name)
      let file = isUnfinished ? nil : try? PictureCacheFile(path: path)
      let plain = try? RegularFile(path: path, followsLink: false)
      entries.append(
        Entry(
          name: isUnfinished ? name : String(name.dropLast(Self.suffix.count)), path: path,
          byteCount: plain?.byteCount ?? 0, seconds: Int(plain?.stamp?.changeSeconds ?? 0),
          content: file.map { file in
            let description = file.description
            return Content(
              folder: description.folder, count: description.count, height: description.height,
              width: description.width, channels: description.channels)
          }, isUnfinished: isUnfinished))
    }
    return entries
  }

  /// Removes a file. Programs that have it mapped go on with it.
  ///
  /// - Throws: `FileError` if it cannot be removed; a file that is gone already is no error.
  public func remove(_ entry: Entry) throws(FileError) {
    do throws(SystemCode) {
      try Folder.remove(entry.path)
    } catch {
      guard error.rawValue != ENOENT else { return }
      throw FileError(path: entry.path, operation: .replace, cause: .system(code: error.rawValue))
    }
  }

  /// Removes what processes that ended early have left behind.
  func removeUnfinished(olderThan seconds: Double) {
    guard let names = try? Folder.textNames(folder).names else { return }
    for name in names where AtomicFile.isTemporary(name) {
      let path = PathText.joined(folder, name)
      // Whoever still writes to it has done so in the meantime.
      guard let stamp = FileStamp(path: path), SystemClock.secondsSinceEpoch - stamp.changeSeconds > seconds else {
        continue
      }
      Folder.removeFile(path)
    }
  }
}
