internal import Glibc

/// Lists of texts for system calls: pointers to zero-terminated texts, with a null pointer at the end.
enum CStrings {
  /// Passes a list to a call.
  static func with<Result>(
    _ texts: [String], _ call: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe call(pointers)
  }
}
