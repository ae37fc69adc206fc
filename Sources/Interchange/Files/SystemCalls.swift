import Glibc

/// The error number of a failed system call.
package struct SystemCode: Error, Equatable {
  /// The value of `errno`, such as `ENOENT`.
  package let rawValue: Int32

  /// Wraps a value of `errno`.
  package init(rawValue: Int32) { self.rawValue = rawValue }
}

/// What a path or a descriptor leads to.
struct FileStatus {
  /// Whether it is a file with content of its own, as opposed to a folder, a pipe or a device.
  let isRegular: Bool
  /// Whether it is a folder.
  let isFolder: Bool
  /// Its size in bytes; 0 for pipes and devices.
  let byteCount: Int
  /// Which one it is.
  let identity: FileIdentity

  fileprivate init(_ status: stat) {
    identity = FileIdentity(device: UInt(status.st_dev), number: UInt(status.st_ino))
    isRegular = status.st_mode & S_IFMT == S_IFREG
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    byteCount = Int(status.st_size)
  }
}

/// The system calls that this target needs, with Swift's errors in place of `errno`; the only unsafe code of the target.
///
/// Calls that a signal may interrupt are repeated here, except `write`, whose loop is in `WholeTransfer`.
enum SystemCalls {
  /// Opens `path` and returns a descriptor that child processes do not inherit.
  static func open(_ path: String, flags: Int32, mode: mode_t = 0) throws(SystemCode) -> Int32 {
    try checkTerminator(path)
    return try repeating { unsafe Glibc.open(path, flags | O_CLOEXEC, mode) }
  }

  /// Closes a descriptor. An interrupted call has closed it all the same on Linux, so this one is never repeated.
  static func close(_ descriptor: Int32) throws(SystemCode) {
    if Glibc.close(descriptor) != 0, errno != EINTR { throw SystemCode(rawValue: errno) }
  }

  /// Reads into the buffer once and returns how many bytes arrived; 0 is the end of the file.
  static func read(_ descriptor: Int32, into buffer: inout MutableSpan<UInt8>) throws(SystemCode) -> Int {
    try unsafe buffer.withUnsafeMutableBytes { (bytes) throws(SystemCode) in
      try repeating { unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count) }
    }
  }

  /// The byte at `offset`, or nil when the file ends before it.
  static func byte(_ descriptor: Int32, at offset: Int) throws(SystemCode) -> UInt8? {
    var byte: UInt8 = 0
    let count = try repeating { unsafe Glibc.pread(descriptor, &byte, 1, off_t(offset)) }
    return count == 0 ? nil : byte
  }

  /// Writes once, from `offset` of the bytes on, and returns how many bytes were taken.
  static func write(_ descriptor: Int32, _ bytes: [UInt8], from offset: Int) throws(SystemCode) -> Int {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
      return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
    }
    if count < 0 { throw SystemCode(rawValue: errno) }
    return count
  }

  /// Waits until the content is on the disk; does nothing for what has none, such as a terminal or a pipe (`EINVAL`).
  static func synchronize(_ descriptor: Int32) throws(SystemCode) {
    do throws(SystemCode) {
      _ = try repeating { fsync(descriptor) }
    } catch {
      if error.rawValue != EINVAL { throw error }
    }
  }

  /// Cuts the file to `byteCount` bytes.
  static func truncate(_ descriptor: Int32, to byteCount: Int) throws(SystemCode) {
    _ = try repeating { ftruncate(descriptor, off_t(byteCount)) }
  }

  /// What an open descriptor leads to.
  static func status(_ descriptor: Int32) throws(SystemCode) -> FileStatus {
    var status = stat()
    _ = try repeating { unsafe fstat(descriptor, &status) }
    return FileStatus(status)
  }

  /// What `path` leads to, at the end of all symbolic links.
  static func status(ofPath path: String) throws(SystemCode) -> FileStatus {
    try checkTerminator(path)
    var status = stat()
    _ = try repeating { unsafe stat(path, &status) }
    return FileStatus(status)
  }

  /// The absolute path without symbolic links.
  static func resolve(_ path: String) throws(SystemCode) -> String {
    try checkTerminator(path)
    guard let resolved = unsafe realpath(path, nil) else { throw SystemCode(rawValue: errno) }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Gives a file a new name, in place of the file that had it.
  static func rename(_ source: String, to destination: String) throws(SystemCode) {
    try checkTerminator(destination)
    _ = try repeating { unsafe Glibc.rename(source, destination) }
  }

  /// Removes a file.
  static func remove(_ path: String) throws(SystemCode) {
    _ = try repeating { unsafe unlink(path) }
  }

  /// The system's words for an error number, such as "No such file or directory".
  static func message(_ code: Int32) -> String {
    // glibc keeps the text per thread since 2.32, so no other thread can change it while it is copied.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }

  /// Refuses a path with a zero byte in it: the C side would stop reading there and use another file.
  private static func checkTerminator(_ path: String) throws(SystemCode) {
    if path.utf8.contains(0) { throw SystemCode(rawValue: EINVAL) }
  }

  private static func repeating<Count: SignedInteger>(_ call: () -> Count) throws(SystemCode) -> Count {
    while true {
      let result = call()
      if result >= 0 { return result }
      if errno != EINTR { throw SystemCode(rawValue: errno) }
    }
  }
}
