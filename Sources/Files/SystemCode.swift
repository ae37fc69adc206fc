internal import Glibc

/// The error number of a failed system call.
package struct SystemCode: Error, Equatable, Sendable {
  /// The value of `errno`, such as `ENOENT`.
  package let rawValue: Int32

  /// Wraps a value of `errno`.
  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The number set by the last failed call of this thread.
  package static var last: SystemCode { SystemCode(rawValue: errno) }

  /// The number of a failed allocation.
  package static var outOfMemory: SystemCode { SystemCode(rawValue: ENOMEM) }

  /// The system's message for the number, such as `No such file or directory`.
  package var message: String {
    // The text for a known number is constant, and that for an unknown one belongs to the thread; both stay valid
    // during the copy.
    unsafe strerror(rawValue).map { unsafe String(cString: $0) } ?? "error \(rawValue)"
  }

  /// Whether the system failed (disk, memory, too many open files) rather than the given path.
  package var isSystemFailure: Bool {
    [EIO, ENOMEM, EMFILE, ENFILE, EINTR, EBUSY, ESTALE].contains(rawValue)
  }
}
