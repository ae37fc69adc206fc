/// The identity of a file or folder, independent of its name: it stays the same after renaming, and differs if another file takes the name.
///
/// The system may reuse the number of a deleted file, unless a process still has that file open.
package struct FileIdentity: Hashable, Sendable {
  private let device: UInt
  /// The number of the file on its device.
  let number: UInt

  /// The identity of the file at a path; symbolic links are followed. Nil if the file is missing or cannot be examined.
  package init?(path: String) {
    guard let status = try? SystemCalls.status(ofPath: path) else { return nil }
    self = status.identity
  }

  /// The identity of an open file; nil if the descriptor is not open.
  package init?(descriptor: Int32) {
    guard let status = try? SystemCalls.status(descriptor) else { return nil }
    self = status.identity
  }

  /// The two numbers.
  var text: String { "\(device) \(number)" }

  init(device: UInt, number: UInt) {
    self.device = device
    self.number = number
  }

  /// The identity of a file on the device with these numbers, which the C library combines as `makedev` does.
  init(major: UInt, minor: UInt, number: UInt) {
    let low = (minor & 0xFF) | (major & 0xFFF) << 8
    self.init(device: low | (minor & ~0xFF) << 12 | (major & ~0xFFF) << 32, number: number)
  }
}

/// Distinguishes versions of a file without reading it: changes when the file is replaced or written to.
package struct FileStamp: Equatable, Sendable {
  private let identity: FileIdentity
  private let byteCount: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// The stamp of the file at a path; nil if it does not exist.
  package init?(path: String) {
    guard let status = try? SystemCalls.status(ofPath: path) else { return nil }
    self.init(status)
  }

  init(_ status: FileStatus) {
    identity = status.identity
    byteCount = status.byteCount
    (seconds, nanoseconds) = status.modification
  }

  /// The numbers that the stamp consists of: device, inode, size, seconds and nanoseconds of the last change.
  package var text: String { "\(identity.text) \(byteCount) \(seconds) \(nanoseconds)" }

  /// When the content was last changed, in seconds since 1970.
  package var changeSeconds: Double { Double(seconds) + Double(nanoseconds) * 1e-9 }
}
