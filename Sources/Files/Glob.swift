internal import Glibc

/// Patterns of file names, as in the shell: `*`, `?` and `[…]`.
package enum Glob {
  /// Whether a text is a pattern.
  package static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

  /// The paths that match a pattern, in order.
  package static func paths(_ pattern: String) -> [String] {
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
    return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
      unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
    }
  }
}
