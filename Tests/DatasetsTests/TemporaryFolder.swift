import Glibc
import Testing

/// A folder of a test's own, removed with everything that it made inside when the test lets go of it.
final class TemporaryFolder {
  let path: String

  /// What was made, in order; removed in reverse.
  private var made: [String]

  init() throws {
    var template = "/tmp/jacquard-datasets-XXXXXX".utf8CString.map { $0 }
    let isMade = unsafe mkdtemp(&template) != nil
    try #require(isMade, "mkdtemp failed with \(errno)")
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    made = [path]
  }

  deinit {
    for path in made.reversed() {
      _ = unsafe remove(path)
    }
  }

  /// Writes a file and returns its path; makes the folders on the way.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    var folder = path
    for component in name.split(separator: "/").dropLast() {
      folder += "/" + component
      if unsafe mkdir(folder, 0o700) == 0 { made.append(folder) }
    }
    let file = path + "/" + name
    let handle = unsafe try #require(fopen(file, "wb"))
    defer { unsafe fclose(handle) }
    made.append(file)
    let written = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, handle) }
    try #require(written == bytes.count)
    return file
  }

  /// Writes a file that goes on with nothing but a hole; nil where the file system refuses one of this size.
  func writeSparse(_ bytes: [UInt8], byteCount: Int, to name: String) throws -> String? {
    let file = try write(bytes, to: name)
    return unsafe truncate(file, off_t(byteCount)) == 0 ? file : nil
  }

  /// Makes a named pipe and returns its path.
  func makePipe(_ name: String) throws -> String {
    let pipe = path + "/" + name
    try #require(unsafe mkfifo(pipe, 0o600) == 0)
    made.append(pipe)
    return pipe
  }

  /// Makes a symbolic link that points to itself and returns its path.
  func makeLoop(_ name: String) throws -> String {
    let loop = path + "/" + name
    try #require(unsafe symlink(loop, loop) == 0)
    made.append(loop)
    return loop
  }
}
