/// Which file or folder it is, whatever it is called: the same after it was renamed, another where something else took its name.
///
/// The system gives the number of a file that is gone to a new one, unless somebody still has it open.
package struct FileIdentity: Equatable, Sendable {
  private let device: UInt
  private let number: UInt

  /// What a path leads to, at the end of all symbolic links; nil where there is nothing, or where it cannot be looked at.
  package init?(path: String) {
    guard let status = try? SystemCalls.status(ofPath: path) else { return nil }
    self = status.identity
  }

  /// What is open; nil for a number that is not.
  package init?(descriptor: Int32) {
    guard let status = try? SystemCalls.status(descriptor) else { return nil }
    self = status.identity
  }

  init(device: UInt, number: UInt) {
    self.device = device
    self.number = number
  }
}

/// Tells one content of a file from another without reading it: changes when the file is replaced or written to.
package struct FileStamp: Equatable, Sendable {
  private let identity: FileIdentity
  private let byteCount: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// The stamp of the file that a path leads to; nil if nothing stands there.
  package init?(path: String) {
    guard let status = try? SystemCalls.status(ofPath: path) else { return nil }
    identity = status.identity
    byteCount = status.byteCount
    (seconds, nanoseconds) = status.modification
  }
}
