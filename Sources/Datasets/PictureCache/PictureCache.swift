internal import Files
internal import Glibc
internal import Samples
internal import Support
internal import Synchronization

/// A folder that keeps decoded pictures, so that they are decoded once and not at every start.
///
/// Each file belongs to a folder of pictures and to settings. It is used as long as neither has changed, and replaced otherwise.
/// Files are written atomically, and checked before use. Several processes may use the same folder.
public final class PictureCache: Sendable {
  /// The folder, which is made when it is needed.
  public let folder: String
  /// Whether a file could not be written; then no other one is tried.
  private let hasFailed = Mutex(false)

  /// The end of the names of cache files.
  static let suffix = ".pictures"

  /// Keeps files in a folder.
  public init(folder: String) { self.folder = PathText.trimmed(folder) }

  /// The place that the environment names: `$JACQUARD_CACHE`, else `$XDG_CACHE_HOME/jacquard`, else `~/.cache/jacquard`.
  ///
  /// - Returns: nil if `JACQUARD_CACHE` is empty or `off`, or if there is no place.
  public static func standard(environment: [String: String]) -> PictureCache? {
    if let named = environment["JACQUARD_CACHE"] {
      return named.isEmpty || named == "off" ? nil : PictureCache(folder: named)
    }
    // The XDG specification says to ignore a relative path.
    if let base = environment["XDG_CACHE_HOME"], PathText.isAbsolute(base) {
      return PictureCache(folder: base + "/jacquard")
    }
    guard let home = environment["HOME"], !home.isEmpty else { return nil }
    return PictureCache(folder: home + "/.cache/jacquard")
  }

  /// The result of looking for a cache file.
  enum Finding {
    case found(PictureImages)
    /// None, or one of other files.
    case missing
    /// A damaged or foreign file, with the reason.
    case broken(String)
  }

  /// The path of the cache file for a key.
  func path(of key: PictureCacheKey) -> String { PathText.joined(folder, key.name + Self.suffix) }

  /// The images of a key, if the cache has them, of the given channels; broken files are noted in the log.
  func images(for key: PictureCacheKey, files: [String], log: PictureLog?, channels: Int? = nil) -> Finding {
    do {
      let file = try PictureCacheFile(path: path(of: key))
      let description = file.description
      guard description.digest == key.digest, description.fileCount == files.count,
        description.channels == channels ?? description.channels
      else { return .missing }
      let shape = Shape.image(
        height: description.height, width: description.width, channels: description.channels)
      let images = PictureImages(shape: shape, pixels: try file.pixels(), kept: description.kept)
      for (index, reason) in description.broken {
        log?.note(DatasetError(path: files[index], code: .picture(.unreadable(reason))))
      }
      return .found(images)
    } catch let refusal as PictureCacheFile.Refusal {
      return .broken(refusal.reason)
    } catch let error as FileError where error.systemCode == ENOENT || error.systemCode == ENOTDIR {
      return .missing
    } catch let error as FileError where error.systemCode == ELOOP {
      return .broken("it is a symbolic link")
    } catch {
      return .broken("\(error)")
    }
  }

  /// Whether a file could not be written.
  var isUnusable: Bool { hasFailed.withLock { $0 } }

  /// Gives up writing, for this process.
  func giveUp() { hasFailed.withLock { $0 = true } }
}
