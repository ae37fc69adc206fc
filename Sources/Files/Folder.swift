internal import Glibc
internal import Support

/// Folders of the file system, and what stands in them.
package enum Folder {
  /// What stands at a path.
  package enum Kind: Sendable {
    /// Nothing.
    case nothing
    /// A folder.
    case folder
    /// A file, or anything else that is no folder.
    case file
  }

  /// What stands at a path; symbolic links are followed.
  package static func kind(_ path: String) -> Kind {
    guard let status = try? SystemCalls.status(ofPath: path) else { return .nothing }
    return status.isFolder ? .folder : .file
  }

  /// Whether a file with a size stands at a path, and not a pipe or a device.
  package static func isRegularFile(_ path: String) -> Bool {
    (try? SystemCalls.status(ofPath: path))?.isRegular ?? false
  }

  /// Whether a symbolic link stands at a path that leads out of a folder, or nowhere.
  ///
  /// - Parameter folder: The folder that the path is inside of.
  package static func isLink(_ path: String, outOf folder: String) -> Bool {
    guard SystemCalls.isLink(path) else { return false }
    guard let end = try? SystemCalls.resolve(path), let root = try? SystemCalls.resolve(folder) else { return true }
    return !end.beginsWith(bytesOf: PathText.joined(root, ""))
  }

  /// The names in a folder, in order, without `.` and `..`.
  ///
  /// - Throws: a `FileError` if the folder cannot be read, and `.nameNotUTF8` if a name in it is no text: to leave it out would leave out
  ///   what it is the name of.
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
    // In the order of their bytes: two names that look the same keep their places, too.
    return names.sortedByBytes()
  }

  /// The names in a folder that are text, in order, without `.` and `..`; and how many others there are.
  ///
  /// - Throws: a `FileError` if the folder cannot be read.
  package static func textNames(_ path: String) throws(FileError) -> (names: [String], others: Int) {
    let found = try FileError.naming(path, .open) { () throws(SystemCode) in
      try SystemCalls.names(inFolder: path)
    }
    let names = found.compactMap { String(validating: $0, as: UTF8.self) }
    return (names.sortedByBytes(), found.count - names.count)
  }

  /// Makes a folder whose parent exists. Of two processes that try, one succeeds.
  ///
  /// - Throws: a `SystemCode`, such as `EEXIST`.
  package static func create(_ path: String) throws(SystemCode) {
    try SystemCalls.makeFolder(path)
  }

  /// Makes a folder and those above it that are missing.
  ///
  /// - Throws: a `FileError` that names the folder that could not be made.
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

  /// The path of a folder, after those of the folders above it, as far as it names them.
  package static func withParents(_ path: String) -> [String] {
    let ends = path.utf8.indices.dropFirst().filter { path.utf8[$0] == UInt8(ascii: "/") } + [path.endIndex]
    return ends.map { String(path[..<$0]) }
  }

  /// The bytes that this process may still write to the disk that holds a path; nil if the disk does not say.
  package static func freeByteCount(_ path: String) -> Int? {
    SystemCalls.freeByteCount(ofDiskWith: path)
  }

  /// Removes a file; one that cannot be removed stays.
  package static func removeFile(_ path: String) {
    try? SystemCalls.remove(path)
  }
}
