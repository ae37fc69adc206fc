import Glibc

/// Writes files that are never half written.
///
/// The content goes into a temporary file in the same folder, is brought to the disk, and only then takes the name of the old file,
/// in one step of the file system. Whoever opens the path sees the old file or the new one, also after a crash or a power cut.
///
/// A symbolic link is followed, so that the file it leads to is replaced and not the link. Devices, pipes and folders are refused. Who may
/// read and write a file stays as it was.
package enum AtomicFile {
  /// Makes `bytes` the content of the file at `path`.
  ///
  /// - Throws: a `FileError`. The old file is then untouched and the temporary one removed. Only when the very last step fails,
  ///   bringing the folder's entry to the disk (`.synchronize`), is the new file already in place, and complete.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try write(to: path) { (file) throws(FileError) in try file.write(bytes) }
  }

  /// Makes `text`, in UTF-8, the content of the file at `path`; errors as in `write(_:to:)`.
  package static func write(text: String, to path: String) throws(FileError) {
    try write(Array(text.utf8), to: path)
  }

  /// Whether a file's name is one that these functions give to temporary files: one that is still there when no process writes
  /// any more was left by a crash, and means nothing.
  package static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(temporaryPrefix) && name.hasSuffix(temporarySuffix)
  }

  private static let temporaryPrefix = ".jacquard-"
  private static let temporarySuffix = ".tmp"

  /// Bytes of pieces that are written together.
  private static let largestGroup = 1 << 20

  /// Makes the pieces that `content` hands over, one after the other, the content of the file at `path`; errors as in
  /// `write(_:to:)`. So a large file needs no second copy in memory.
  package static func write(
    to path: String,
    pieces content: (_ write: (Span<UInt8>) throws(FileError) -> Void) throws(FileError) -> Void
  ) throws(FileError) {
    try write(to: path) { (file) throws(FileError) in
      // Small pieces go together, so that few calls of the system are made.
      var waiting: [UInt8] = []
      try content { (piece) throws(FileError) in
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

  /// Makes what `content` writes the content of the file at `path`. An error of `content` leaves the old file untouched.
  static func write(
    to path: String, content: (borrowing OpenFile) throws(FileError) -> Void
  ) throws(FileError) {
    let (destination, permissions) = try destination(of: path)
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
      // The first error is the one to report; a temporary file that cannot be removed either is named like one.
      try? SystemCalls.remove(temporary)
      throw error
    }
    try synchronize(folder: folder, for: path)
  }

  /// The path of the file to replace: `path` itself for a new file, the end of its links for an existing one, with its permissions.
  private static func destination(of path: String) throws(FileError) -> (path: String, permissions: mode_t?) {
    let status: FileStatus
    do throws(SystemCode) {
      status = try SystemCalls.status(ofPath: path)
    } catch {
      // Nothing there yet, which is fine for every name but the empty one.
      if error.rawValue == ENOENT, !path.isEmpty { return (path, nil) }
      throw FileError(path: path, operation: .create, cause: .system(code: error.rawValue))
    }
    if status.isFolder { throw FileError(path: path, operation: .create, cause: .system(code: EISDIR)) }
    guard status.isRegular else { throw FileError(path: path, operation: .create, cause: .notAFile) }
    let end = try FileError.naming(path, .create) { () throws(SystemCode) in try SystemCalls.resolve(path) }
    return (end, status.permissions)
  }

  /// The folder that holds `path`, ready to have a name put behind it; empty for the current folder.
  private static func folder(of path: String) -> Substring {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
  }

  /// Creates a file of an unused name. The name is short whatever the file's own is, so that it never exceeds the system's limit.
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

  /// Brings the name of a file or folder that is new to the disk; its content is another matter.
  package static func synchronizeFolder(of path: String) throws(FileError) {
    let destination = (try? SystemCalls.resolve(path)) ?? path
    try synchronize(folder: folder(of: destination), for: path)
  }

  /// Brings the folder's new entry to the disk, where the folder may be opened at all and its file system knows how.
  private static func synchronize(folder: Substring, for path: String) throws(FileError) {
    guard let entries = try? OpenFile(path: folder.isEmpty ? "." : String(folder), mode: .reading, reportedPath: path)
    else { return }
    try entries.synchronize()
  }
}
