internal import Glibc

/// Folders of the file system.
enum Folder {
  /// What stands at a path.
  enum Kind: Sendable {
    /// Nothing.
    case nothing
    /// A folder.
    case folder
    /// A file, or anything else that is no folder.
    case file
  }

  /// What stands at a path; symbolic links are followed.
  static func kind(_ path: String) -> Kind {
    var status = Glibc.stat()
    guard unsafe stat(path, &status) == 0 else { return .nothing }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  /// Tells one content of a file from another without reading it: changes when the file is replaced or written to. Nil where there
  /// is nothing.
  static func stamp(_ path: String) -> [Int]? {
    var status = Glibc.stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return [
      Int(bitPattern: UInt(status.st_dev)), Int(bitPattern: UInt(status.st_ino)), Int(status.st_size),
      status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
    ]
  }

  /// Whether a file with a size stands at a path, and not a pipe or a device.
  static func isRegularFile(_ path: String) -> Bool {
    var status = Glibc.stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Makes a folder whose parent exists. Of two processes that try, one succeeds.
  ///
  /// - Returns: The system's error number, such as `EEXIST`; nil if the folder was made.
  static func make(_ path: String) -> Int32? {
    while unsafe mkdir(path, 0o777) != 0 {
      if errno != EINTR { return errno }
    }
    return nil
  }

  /// The bytes that this process may still write to the disk that holds a path; nil where the disk does not say.
  static func freeByteCount(_ path: String) -> Int? {
    var status = statvfs()
    guard unsafe statvfs(path, &status) == 0, status.f_blocks > 0 else { return nil }
    // The administrator may use up what is kept back from all others.
    let blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail
    let (count, isOverflow) = Int(clamping: blocks).multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
    return isOverflow ? nil : count
  }

  /// Makes a folder and those above it, where they are missing.
  ///
  /// - Parameter flag: The flag that names the folder, for the message.
  /// - Throws: a `CommandFailure` that names the folder that could not be made.
  static func makeWithParents(_ path: String, flag: String = "--out") throws(CommandFailure) {
    for folder in withParents(path) where kind(folder) != .folder {
      // Somebody else may have made it in the meantime.
      if let number = make(folder), number != EEXIST || kind(folder) != .folder {
        throw CommandFailure(
          .cannotCreate,
          "\(folder): cannot create the folder: \(SystemError.text(number)); choose another with \(flag).")
      }
    }
  }

  /// The path of a folder, after those of the folders above it, as far as it names them.
  static func withParents(_ path: String) -> [String] {
    let ends = path.indices.dropFirst().filter { path[$0] == "/" } + [path.endIndex]
    return ends.map { String(path[..<$0]) }
  }

  /// Refuses the path of a file whose folder is not there, before the work that the file is for.
  static func requireParent(of path: String) throws(CommandFailure) {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    let parent = String(path[..<slash])
    guard kind(parent) != .folder else { return }
    throw CommandFailure(.cannotCreate, "\(path): the folder \(parent) does not exist; create it first.")
  }

  /// Removes a file; one that cannot be removed stays.
  static func removeFile(_ path: String) {
    _ = unsafe unlink(path)
  }

  /// The names in a folder, without `.` and `..`; nil if it cannot be read.
  static func names(_ path: String) -> [String]? {
    guard let folder = unsafe opendir(path) else { return nil }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
