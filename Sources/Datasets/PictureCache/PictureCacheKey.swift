internal import Files
internal import Support

/// What a cache file was made of: the files of pictures, and how they became images.
struct PictureCacheKey: Sendable {
  /// Names the cache file: follows from the folder and the settings, so that a changed folder replaces its old cache.
  let name: String
  /// The SHA-256 of the settings and of the stamp of every file: path, device, inode, size, and the last change in nanoseconds.
  let digest: String
  /// The absolute path of the folder.
  let folder: String
  /// How the pictures became images.
  let settings: String
  /// The last change of any file, in seconds since 1970.
  let newestChange: Double
  /// The settings but for the colors.
  private let otherSettings: String
  /// The SHA-256 of the stamps.
  private let stamps: String

  /// Increases with every change of what decoders and resizing make of a picture, and of the cache file's form.
  private static let version = 1

  /// Examines the files; nil for a decoder without a name, which cannot be told from others, and for files that are gone.
  init?(_ files: [String], in folder: String, reading: PictureReading) {
    guard !reading.decoder.name.isEmpty else { return nil }
    var hash = SHA256()
    var newest = 0.0
    for file in files {
      guard let stamp = FileStamp(path: file) else { return nil }
      newest = max(newest, stamp.changeSeconds)
      let inner = file.utf8.dropFirst(folder.utf8.count)
      hash.update((Array(inner) + [0] + Array("\(stamp.text)\n".utf8)).span)
    }
    let size = reading.size.map { "\($0)" } ?? "as it is"
    self.init(
      folder: Folder.absolutePath(folder), colors: reading.colors,
      otherSettings:
        "version \(Self.version), size \(size), decoder \(reading.decoder.name), "
        + "broken \(reading.skipsBroken ? "skipped" : "refused")",
      stamps: hash.hexadecimal, newestChange: newest)
  }

  private init(
    folder: String, colors: PictureColors, otherSettings: String, stamps: String, newestChange: Double
  ) {
    settings = "\(otherSettings), colors \(colors.rawValue)"
    let text = "\(settings)\n\(folder)\n"
    name = String(SHA256.hexadecimal(of: Array(text.utf8)).prefix(16))
    digest = SHA256.hexadecimal(of: Array((text + stamps).utf8))
    self.folder = folder
    self.otherSettings = otherSettings
    self.stamps = stamps
    self.newestChange = newestChange
  }

  /// The key of the same files and settings whose colors follow from the pictures.
  var automatic: PictureCacheKey {
    PictureCacheKey(
      folder: folder, colors: .automatic, otherSettings: otherSettings, stamps: stamps, newestChange: newestChange)
  }
}
