internal import Glibc

/// Folders of the file system: what stands at a path, and what is in it.
enum DirectoryListing {
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

  /// The names in a folder, sorted, without those that begin with a dot: they are the system's or an editor's.
  static func names(_ path: String) throws(DatasetError) -> [String] {
    guard let folder = unsafe opendir(path) else {
      throw DatasetError(path: path, code: .cannotOpen(errorNumber: SystemError.last))
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
