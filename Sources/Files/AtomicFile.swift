import Glibc

/// Writes files atomically.
///
/// The content goes into a temporary file in the same folder and is synchronized to the disk. Then the file is renamed
/// to the old file's name, in one step. Readers see the old file or the new one, even after a crash or a power cut.
///
/// Symbolic links are followed: the target is replaced, not the link. Devices, pipes and folders are rejected.
/// Permissions stay as they were.
package enum AtomicFile {
  /// Replaces the content of the file at `path` by `bytes`.
  ///
  /// - Throws: a `FileError`. The old file is then unchanged and the temporary one removed. Only if the last step
  ///   fails, synchronizing the folder (`.synchronize`), is the new file already in place, and complete.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try write(to: path) { (file) throws(FileError) in try file.write(bytes) }
  }

  /// Replaces the content of the file at `path` by `text` in UTF-8; errors as in `write(_:to:)`.
  package static func write(text: String, to path: String) throws(FileError) {
    try write(Array(text.utf8), to: path)
  }

  /// Whether a name is that of a temporary file of these functions. If no process is writing, such a file was left by a
  /// crash and can be ignored.
  package static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(temporaryPrefix) && name.hasSuffix(temporarySuffix)
  }

  private static let temporaryPrefix = ".jacquard-"
  private static let temporarySuffix = ".tmp"

  /// The number of bytes after which the disk is told to begin.
  private static let startedByteCount = 1 << 25

  /// The number of bytes to collect before writing them.
  private static let largestGroup = 1 << 20

  /// Replaces the content of the file at `path` by the pieces that `content` provides, in order; errors as in
  /// `write(_:to:)`. A large file needs no second copy in memory.
  ///
  /// - Parameter followsLink: Whether the target of a symbolic link at the end of the path is replaced; otherwise the link is.
  package static func write(
    to path: String, followsLink: Bool = true,
    pieces content: (_ write: (Span<UInt8>) throws(FileError) -> Void) throws(FileError) -> Void
  ) throws(FileError) {
    try write(to: path, followsLink: followsLink) { (file) throws(FileError) in
      // Small pieces are collected, to save system calls.
      var waiting: [UInt8] = []
      var (count, started) = (0, 0)
      try content { (piece) throws(FileError) in
        count += piece.count
        // The disk works while the next pieces are made, so that there is little to wait for at the end.
        if count - started > startedByteCount {
          file.startWriting(started..<count)
          started = count
        }
        if waiting.count + piece.count > largestGroup {
          try file.write(waiting)
          waiting.removeAll(keepingCapacity: true)
        }
        if piece.count > largestGroup {
          try file.write(piece)
        } else {
          for index in piece.indices { waiting.append(piece[index]) }
        }
      }
      try file.write(waiting)
    }
  }

  /// Replaces the content of the file at `path` by the output of `content`. An error of `content` leaves the old file unchanged.
  static func write(
    to path: String, followsLink: Bool = true, content: (borrowing OpenFile) throws(FileError) -> Void
  ) throws(FileError) {
    let (destination, permissions) =
      !followsLink && SystemCalls.isLink(path) ? (path, nil) : try destination(of: path)
    let folder = folder(of: destination)
    let file = try createTemporary(inFolder: folder, for: path)
    let temporary = file.location
    do throws(FileError) {
      if let permissions { try file.setPermissions(permissions) }
      try content(file)
      try file.synchronize()
      try file.close()
      try FileError.naming(path, .replace) { () throws(SystemCode) in
        try SystemCalls.rename(temporary, to: destination)
      }
    } catch {
      // Report the first error. A temporary file that cannot be removed is recognized by its name.
      try? SystemCalls.remove(temporary)
      throw error
    }
    try synchronize(folder: folder, for: path)
  }

  /// The path of the file to replace: `path` itself for a new file, the target of its links for an existing one, with
  /// the permissions.
  private static func destination(of path: String) throws(FileError) -> (path: String, permissions: mode_t?) {
    let status: FileStatus
    do throws(SystemCode) {
      status = try SystemCalls.status(ofPath: path)
    } catch {
      // The file does not exist yet, which is fine unless the name is empty.
      if error.rawValue == ENOENT, !path.isEmpty { return (path, nil) }
      throw FileError(path: path, operation: .create, cause: .system(code: error.rawValue))
    }
    if status.isFolder { throw FileError(path: path, operation: .create, cause: .system(code: EISDIR)) }
    guard status.isRegular else { throw FileError(path: path, operation: .create, cause: .notAFile) }
    let end = try FileError.naming(path, .create) { () throws(SystemCode) in try SystemCalls.resolve(path) }
    return (end, status.permissions)
  }

  /// The folder of `path` with a trailing slash; empty for the current folder.
  private static func folder(of path: String) -> Substring {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
  }

  /// Creates a file with an unused name. The name is always short, so that it never exceeds the system's limit.
  private static func createTemporary(inFolder folder: Substring, for path: String) throws(FileError) -> OpenFile {
    for _ in 0..<100 {
      let name = temporaryPrefix + String(UInt64.random(in: 0...UInt64.max), radix: 36) + temporarySuffix
      do throws(FileError) {
        return try OpenFile(path: folder + name, mode: .creating, reportedPath: path)
      } catch {
        if error.systemCode != EEXIST { throw error }
      }
    }
    throw FileError(path: path, operation: .create, cause: .system(code: EEXIST))
  }

  /// Synchronizes the directory entry of a new file or folder to the disk, but not its content.
  package static func synchronizeFolder(of path: String) throws(FileError) {
    let destination = (try? SystemCalls.resolve(path)) ?? path
    try synchronize(folder: folder(of: destination), for: path)
  }

  /// Synchronizes the folder to the disk, if it can be opened and its file system supports that.
  private static func synchronize(folder: Substring, for path: String) throws(FileError) {
    guard let entries = try? OpenFile(path: folder.isEmpty ? "." : String(folder), mode: .reading, reportedPath: path)
    else { return }
    try entries.synchronize()
  }
}
