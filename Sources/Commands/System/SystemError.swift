internal import Glibc

/// The system's words for its error numbers.
enum SystemError {
  /// The text of an error number, such as `No space left on device`.
  static func text(_ number: Int32) -> String {
    // `strerror` returns a text of the C library, valid until the next call on this thread; it is copied at once.
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }
}
