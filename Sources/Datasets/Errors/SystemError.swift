internal import Glibc

/// The system's error numbers, in words.
enum SystemError {
  /// The number that the last failed call of this thread left behind.
  static var last: Int32 { errno }

  /// The number of a failed allocation.
  static var outOfMemory: Int32 { ENOMEM }

  /// The system's own words for the number.
  static func text(_ number: Int32) -> String {
    // strerror's text for a known number is constant, and for an unknown one it belongs to the thread: both outlive the copy.
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }

  /// Whether the number speaks of the machine (a disk, memory, too many open files) rather than of the path that was named.
  static func isOfTheMachine(_ number: Int32) -> Bool {
    [EIO, ENOMEM, EMFILE, ENFILE, EINTR, EBUSY, ESTALE].contains(number)
  }
}
