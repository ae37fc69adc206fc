internal import Glibc

/// System calls on folders.
extension SystemCalls {
  /// Makes a folder whose parent exists. If two processes try, one succeeds.
  static func makeFolder(_ path: String) throws(SystemCode) {
    try checkTerminator(path)
    _ = try repeating { unsafe mkdir(path, 0o777) }
  }

  /// The bytes of the names in a folder, without `.` and `..`, in the order of the file system.
  static func names(inFolder path: String) throws(SystemCode) -> [[UInt8]] {
    try checkTerminator(path)
    guard let folder = unsafe opendir(path) else { throw .last }
    defer { unsafe closedir(folder) }
    var names: [[UInt8]] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe Array(bytes.prefix { $0 != 0 })
      }
      if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
    }
    return names
  }

  /// The free bytes for this process on the disk of a path; nil if the disk does not report them.
  static func freeByteCount(ofDiskWith path: String) -> Int? {
    var status = statvfs()
    guard unsafe statvfs(path, &status) == 0, status.f_blocks > 0 else { return nil }
    // The administrator may also use the reserved part.
    let blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail
    let (count, isOverflow) = Int(clamping: blocks).multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
    return isOverflow ? nil : count
  }

  /// The result of an attempt to lock.
  enum LockAttempt {
    /// The lock is held until the descriptor is closed.
    case held
    /// Another process holds it.
    case taken
    /// The file system has no locks.
    case unsupported
  }

  /// Takes the lock on an open file or folder, without waiting.
  static func lock(_ descriptor: Int32) -> LockAttempt {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return .held }
    return errno == EWOULDBLOCK ? .taken : .unsupported
  }
}
