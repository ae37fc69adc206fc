import Glibc

/// The properties of a file, by path or descriptor.
struct FileStatus {
  /// Whether it is a regular file, not a folder, a pipe or a device.
  let isRegular: Bool
  /// Whether it is a folder.
  let isFolder: Bool
  /// Whether it is a character device, such as a terminal or `/dev/zero`.
  let isDevice: Bool
  /// Its size in bytes; 0 for pipes and devices.
  let byteCount: Int
  /// The bytes that it takes on the disk: fewer than its size for a file with holes, or on a disk that compresses.
  let storedByteCount: Int
  /// Its identity.
  let identity: FileIdentity

  /// Its permissions, as for `chmod`.
  let permissions: mode_t
  /// The time of the last change of its content, in seconds and nanoseconds.
  let modification: (seconds: Int, nanoseconds: Int)

  fileprivate init(_ status: stat) {
    modification = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    identity = FileIdentity(device: UInt(status.st_dev), number: UInt(status.st_ino))
    isRegular = status.st_mode & S_IFMT == S_IFREG
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    isDevice = status.st_mode & S_IFMT == S_IFCHR
    byteCount = Int(status.st_size)
    storedByteCount = 512 * Int(status.st_blocks)
    permissions = status.st_mode & 0o7777
  }
}

/// System calls on files that throw errors instead of setting `errno`.
///
/// Calls that a signal can interrupt are repeated here, except for `write`, whose loop is in `WholeTransfer`.
package enum SystemCalls {
  /// Opens `path` and returns a descriptor that child processes do not inherit.
  static func open(_ path: String, flags: Int32, mode: mode_t = 0) throws(SystemCode) -> Int32 {
    try checkTerminator(path)
    return try repeating { unsafe Glibc.open(path, flags | O_CLOEXEC, mode) }
  }

  /// Closes a descriptor. On Linux, an interrupted call has closed it too, so the call is never repeated.
  static func close(_ descriptor: Int32) throws(SystemCode) {
    if Glibc.close(descriptor) != 0, errno != EINTR { throw .last }
  }

  /// Reads into the buffer once and returns how many bytes arrived; 0 is the end of the file.
  static func read(_ descriptor: Int32, into buffer: inout MutableSpan<UInt8>) throws(SystemCode) -> Int {
    try unsafe buffer.withUnsafeMutableBytes { (bytes) throws(SystemCode) in
      try repeating { unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count) }
    }
  }

  /// The byte at `offset`; nil if the file ends before it.
  static func byte(_ descriptor: Int32, at offset: Int) throws(SystemCode) -> UInt8? {
    var byte: UInt8 = 0
    let count = try repeating { unsafe Glibc.pread(descriptor, &byte, 1, off_t(offset)) }
    return count == 0 ? nil : byte
  }

  /// Writes once, beginning with the byte at `offset`, and returns how many bytes were accepted.
  static func write(_ descriptor: Int32, _ bytes: Span<UInt8>, from offset: Int) throws(SystemCode) -> Int {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
      return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
    }
    if count < 0 { throw .last }
    return count
  }

  /// Writes all the bytes, in one system call if the system accepts them all.
  package static func write(_ descriptor: Int32, all bytes: [UInt8]) throws(SystemCode) {
    try write(descriptor, all: bytes.span)
  }

  /// Writes all the bytes, in one system call if the system accepts them all.
  static func write(_ descriptor: Int32, all bytes: Span<UInt8>) throws(SystemCode) {
    try WholeTransfer.run(count: bytes.count) { (done) throws(SystemCode) in
      try write(descriptor, bytes, from: done)
    }
  }

  /// Appends the bytes from `offset` on until the output is full or the file ends. After a failure, the bytes read
  /// before it stay.
  static func read(
    _ descriptor: Int32, at offset: Int, into output: inout OutputSpan<UInt8>
  ) throws(SystemCode) {
    var failure: SystemCode?
    unsafe output.withUnsafeMutableBufferPointer { buffer, initializedCount in
      let first = initializedCount
      while initializedCount < buffer.count {
        let room = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[initializedCount...])
        let count = unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset + initializedCount - first))
        if count > 0 {
          initializedCount += count
        } else if count == 0 {
          return
        } else if errno != EINTR {
          failure = .last
          return
        }
      }
    }
    if let failure { throw failure }
  }

  /// Waits until the content is on the disk; does nothing for terminals and pipes (`EINVAL`).
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

  /// The properties of an open file.
  static func status(_ descriptor: Int32) throws(SystemCode) -> FileStatus {
    var status = stat()
    _ = try repeating { unsafe fstat(descriptor, &status) }
    return FileStatus(status)
  }

  /// The properties of the file at `path`; symbolic links are followed.
  static func status(ofPath path: String) throws(SystemCode) -> FileStatus {
    try checkTerminator(path)
    var status = stat()
    _ = try repeating { unsafe stat(path, &status) }
    return FileStatus(status)
  }

  /// Whether a path is a symbolic link, even a broken one.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Sets the permissions of an open file.
  static func setPermissions(_ descriptor: Int32, _ permissions: mode_t) throws(SystemCode) {
    _ = try repeating { fchmod(descriptor, permissions) }
  }

  /// The absolute path without symbolic links.
  static func resolve(_ path: String) throws(SystemCode) -> String {
    try checkTerminator(path)
    guard let resolved = unsafe realpath(path, nil) else { throw .last }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Renames a file; replaces a file that has the new name.
  static func rename(_ source: String, to destination: String) throws(SystemCode) {
    try checkTerminator(destination)
    _ = try repeating { unsafe Glibc.rename(source, destination) }
  }

  /// Removes a file.
  static func remove(_ path: String) throws(SystemCode) {
    _ = try repeating { unsafe unlink(path) }
  }

  /// Rejects a path that contains a zero byte: C would stop reading there and use a different file.
  static func checkTerminator(_ path: String) throws(SystemCode) {
    if path.utf8.contains(0) { throw SystemCode(rawValue: EINVAL) }
  }

  static func repeating<Count: SignedInteger>(_ call: () -> Count) throws(SystemCode) -> Count {
    while true {
      let result = call()
      if result >= 0 { return result }
      if errno != EINTR { throw .last }
    }
  }
}
