internal import Foundation

/// The sanitizer of this build of the tests and of the command that they run.
public enum Sanitizer: Sendable {
  /// AddressSanitizer, with UndefinedBehaviorSanitizer in C.
  case address
  /// ThreadSanitizer.
  case thread

  /// The sanitizer of this build; nil for an ordinary one.
  public static let current: Sanitizer? =
    holds("__asan_init") ? .address : holds("__tsan_acquire") ? .thread : nil

  /// The sanitizers' environment variables, for processes with another environment.
  public static var environment: [String: String] {
    let names = ["ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"]
    return ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
  }

  /// Whether the process has a symbol, such as those of a sanitizer's runtime.
  private static func holds(_ symbol: String) -> Bool {
    unsafe dlsym(UnsafeMutableRawPointer(bitPattern: 0), symbol) != nil
  }
}
