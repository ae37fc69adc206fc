internal import Glibc

/// The process that this program runs in.
enum CurrentProcess {
  /// The process's number.
  static var number: Int { Int(getpid()) }
}
