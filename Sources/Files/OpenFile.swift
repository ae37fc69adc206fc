import Glibc

/// An open file whose errors name it; it is closed when it goes out of scope.
struct OpenFile: ~Copyable {
  /// The purpose of opening the file.
  enum Mode {
    /// Reading an existing file.
    case reading
    /// Writing a new file; an existing one is an error (`EEXIST`).
    case creating
    /// Appending to the file, which is created if it is missing.
    case appending
  }

  /// The path that errors name.
  let path: String
  /// The path that was opened.
  let location: String
  private let descriptor: Descriptor

  /// Opens the file at `path`; a new one gets the permissions 0666 less the process's mask.
  ///
  /// - Parameter reportedPath: the path that errors name, if it differs from `path`.
  init(path: String, mode: Mode, reportedPath: String? = nil) throws(FileError) {
    let flags =
      switch mode {
      case .reading: O_RDONLY
      case .creating: O_WRONLY | O_CREAT | O_EXCL
      case .appending: O_RDWR | O_CREAT | O_APPEND
      }
    self.path = reportedPath ?? path
    location = path
    let number = try FileError.naming(reportedPath ?? path, mode == .reading ? .open : .create) {
      () throws(SystemCode) in
      try SystemCalls.open(path, flags: flags, mode: 0o666)
    }
    descriptor = Descriptor(number: number)
  }

  /// The file's kind and size.
  func status() throws(FileError) -> FileStatus {
    try run(.read) { (number) throws(SystemCode) in try SystemCalls.status(number) }
  }

  /// Reads into the buffer once and returns how many bytes arrived; 0 is the end of the file.
  func read(into buffer: inout MutableSpan<UInt8>) throws(FileError) -> Int {
    do throws(SystemCode) {
      return try SystemCalls.read(descriptor.number, into: &buffer)
    } catch {
      throw FileError(path: path, operation: .read, cause: .system(code: error.rawValue))
    }
  }

  /// The byte at `offset`; nil if the file ends before it.
  func byte(at offset: Int) throws(FileError) -> UInt8? {
    try run(.read) { (number) throws(SystemCode) in try SystemCalls.byte(number, at: offset) }
  }

  /// Writes all the bytes, in one system call if the system accepts them all.
  func write(_ bytes: [UInt8]) throws(FileError) {
    try write(bytes.span)
  }

  /// Writes all the bytes, in one system call if the system accepts them all.
  func write(_ bytes: Span<UInt8>) throws(FileError) {
    try run(.write) { (number) throws(SystemCode) in
      try SystemCalls.write(number, all: bytes)
    }
  }

  /// Has the disk begin to write a range, without waiting for it.
  func startWriting(_ range: Range<Int>) {
    // The advice that written bytes are no longer needed; those that are not on the disk yet stay in the system's cache.
    posix_fadvise(descriptor.number, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_DONTNEED)
  }

  /// Waits until everything written is on the disk; does nothing for terminals and pipes.
  func synchronize() throws(FileError) {
    try run(.synchronize) { (number) throws(SystemCode) in try SystemCalls.synchronize(number) }
  }

  /// Sets the file's permissions.
  func setPermissions(_ permissions: mode_t) throws(FileError) {
    try run(.create) { (number) throws(SystemCode) in try SystemCalls.setPermissions(number, permissions) }
  }

  /// Cuts the file to `byteCount` bytes.
  func truncate(to byteCount: Int) throws(FileError) {
    try run(.write) { (number) throws(SystemCode) in try SystemCalls.truncate(number, to: byteCount) }
  }

  /// Closes the file, and throws if a write fails only now.
  consuming func close() throws(FileError) {
    let path = path
    do throws(SystemCode) {
      try descriptor.close()
    } catch {
      throw FileError(path: path, operation: .close, cause: .system(code: error.rawValue))
    }
  }

  private func run<Value>(
    _ operation: FileError.Operation, _ call: (_ number: Int32) throws(SystemCode) -> Value
  ) throws(FileError) -> Value {
    let number = descriptor.number
    return try FileError.naming(path, operation) { () throws(SystemCode) in try call(number) }
  }
}
