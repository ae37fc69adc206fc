internal import Glibc

/// The error number of a failed system call.
package struct SystemCode: Error, Equatable, Sendable {
  /// The value of `errno`, such as `ENOENT`.
  package let rawValue: Int32

  /// Wraps a value of `errno`.
  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The number that the last failed call of this thread left behind.
  package static var last: SystemCode { SystemCode(rawValue: errno) }

  /// The number of a failed allocation.
  package static var outOfMemory: SystemCode { SystemCode(rawValue: ENOMEM) }

  /// The system's words for the number, such as `No such file or directory`.
  package var message: String {
    // The text of a known number is constant, and that of an unknown one belongs to the thread: both outlive the copy.
    unsafe strerror(rawValue).map { unsafe String(cString: $0) } ?? "error \(rawValue)"
  }

  /// Whether the machine failed (a disk, memory, too many open files), and not the path that was named.
  package var isSystemFailure: Bool {
    [EIO, ENOMEM, EMFILE, ENFILE, EINTR, EBUSY, ESTALE].contains(rawValue)
  }
}
