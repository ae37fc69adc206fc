internal import Glibc
internal import Support

/// Operations on folders.
package enum Folder {
  /// The kind of object at a path.
  package enum Kind: Sendable {
    /// Nothing.
    case nothing
    /// A folder.
    case folder
    /// A file, or anything else but a folder.
    case file
  }

  /// The kind of object at a path; symbolic links are followed.
  package static func kind(_ path: String) -> Kind {
    guard let status = try? SystemCalls.status(ofPath: path) else { return .nothing }
    return status.isFolder ? .folder : .file
  }

  /// Whether a path leads to a regular file, not to a pipe or a device.
  package static func isRegularFile(_ path: String) -> Bool {
    (try? SystemCalls.status(ofPath: path))?.isRegular ?? false
  }

  /// Whether a path is a symbolic link that leads out of a folder, or nowhere.
  ///
  /// - Parameter folder: The folder that contains the path.
  package static func isLink(_ path: String, outOf folder: String) -> Bool {
    guard SystemCalls.isLink(path) else { return false }
    guard let end = try? SystemCalls.resolve(path), let root = try? SystemCalls.resolve(folder) else { return true }
    return !end.beginsWith(bytesOf: PathText.joined(root, ""))
  }

  /// The sorted names in a folder, without `.` and `..`.
  ///
  /// - Throws: a `FileError` if the folder cannot be read, and `.nameNotUTF8` if a name is not UTF-8: ignoring the name
  ///   would ignore its file.
  package static func names(_ path: String) throws(FileError) -> [String] {
    let found = try FileError.naming(path, .open) { () throws(SystemCode) in
      try SystemCalls.names(inFolder: path)
    }
    var names: [String] = []
    for bytes in found {
      guard let name = String(validating: bytes, as: UTF8.self) else {
        throw FileError(path: path, operation: .open, cause: .nameNotUTF8(bytes))
      }
      names.append(name)
    }
    // Sorted by bytes, so that two names that look the same have a fixed order too.
    return names.sortedByBytes()
  }

  /// The sorted names in a folder that are UTF-8, without `.` and `..`, and the number of other names.
  ///
  /// - Throws: a `FileError` if the folder cannot be read.
  package static func textNames(_ path: String) throws(FileError) -> (names: [String], others: Int) {
    let found = try FileError.naming(path, .open) { () throws(SystemCode) in
      try SystemCalls.names(inFolder: path)
    }
    let names = found.compactMap { String(validating: $0, as: UTF8.self) }
    return (names.sortedByBytes(), found.count - names.count)
  }

  /// Makes a folder whose parent exists. If two processes try, one succeeds.
  ///
  /// - Throws: a `SystemCode`, such as `EEXIST`.
  package static func create(_ path: String) throws(SystemCode) {
    try SystemCalls.makeFolder(path)
  }

  /// Makes a folder and its missing ancestors.
  ///
  /// - Throws: a `FileError` that names the folder that cannot be made.
  package static func createWithParents(_ path: String) throws(FileError) {
    for folder in withParents(path) where kind(folder) != .folder {
      do throws(SystemCode) {
        try create(folder)
      } catch {
        // Another process may have made it in the meantime.
        if error.rawValue == EEXIST, kind(folder) == .folder { continue }
        throw FileError(path: folder, operation: .createFolder, cause: .system(code: error.rawValue))
      }
    }
  }

  /// The paths of a folder's ancestors, as far as its path names them, and of the folder itself.
  package static func withParents(_ path: String) -> [String] {
    let ends = path.utf8.indices.dropFirst().filter { path.utf8[$0] == UInt8(ascii: "/") } + [path.endIndex]
    return ends.map { String(path[..<$0]) }
  }

  /// The free bytes for this process on the disk of a path; nil if the disk does not report them.
  package static func freeByteCount(_ path: String) -> Int? {
    SystemCalls.freeByteCount(ofDiskWith: path)
  }

  /// The absolute path without symbolic links; the path itself if it leads to nothing.
  package static func absolutePath(_ path: String) -> String { (try? SystemCalls.resolve(path)) ?? path }

  /// Removes a file or a symbolic link.
  ///
  /// - Throws: a `SystemCode`, such as `ENOENT`.
  package static func remove(_ path: String) throws(SystemCode) {
    try SystemCalls.checkTerminator(path)
    try SystemCalls.remove(path)
  }

  /// Removes a file, if possible.
  package static func removeFile(_ path: String) {
    try? SystemCalls.remove(path)
  }
}
