import Glibc
import TestSupport
import Testing

extension TemporaryFolder {
  /// Writes a file that continues with a hole; nil if the file system rejects this size.
  func writeSparse(_ bytes: [UInt8], byteCount: Int, to name: String) throws -> String? {
    let file = try write(bytes, to: name)
    return unsafe truncate(file, off_t(byteCount)) == 0 ? file : nil
  }

  /// Makes a named pipe and returns its path.
  func makePipe(_ name: String) throws -> String {
    try #require(unsafe mkfifo(self(name), 0o600) == 0)
    return self(name)
  }

  /// Makes a symbolic link that points to itself and returns its path.
  func makeLoop(_ name: String) throws -> String {
    try #require(unsafe symlink(self(name), self(name)) == 0)
    return self(name)
  }
}
