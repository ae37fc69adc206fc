internal import Glibc

/// Bytes as a file, for readers that take a path. The file is in memory, because a fuzzer creates thousands per second.
enum FuzzFile {
  private static let path = "/dev/shm/jacquard-fuzz-\(getpid())"

  /// Calls `body` with the path of a folder that contains a file with this name and these bytes.
  static func with(_ bytes: [UInt8], named name: String, _ body: (String) -> Void) {
    let folder = path + ".folder"
    _ = unsafe mkdir(folder, 0o700)
    write(bytes, to: "\(folder)/\(name)")
    body(folder)
    _ = unsafe unlink("\(folder)/\(name)")
    _ = unsafe rmdir(folder)
  }

  /// Calls `body` with the path of a file of these bytes.
  static func with(_ bytes: [UInt8], _ body: (String) -> Void) {
    write(bytes, to: path)
    body(path)
    _ = unsafe unlink(path)
  }

  private static func write(_ bytes: [UInt8], to path: String) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "\(path) cannot be written")
    let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    precondition(written == bytes.count)
    close(descriptor)
  }
}
