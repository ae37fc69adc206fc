/// Texts as a shell takes them.
package enum ShellText {
  /// A word that a shell reads as this text: in single quotes where it must be.
  package static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+,=@%".contains($0)) }
    if isPlain { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
