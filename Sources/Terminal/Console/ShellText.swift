internal import Support

/// Texts as a shell takes them.
package enum ShellText {
  /// A word that a shell reads as this text: in single quotes where it must be, and with control characters written out, as bash, zsh and
  /// ksh take them.
  ///
  /// Bytes decide, as they do in a shell: a mark that follows an apostrophe belongs to its letter, and the apostrophe ends the quotes all the
  /// same.
  package static func quoted(_ text: String) -> String {
    if text.unicodeScalars.contains(where: VisibleText.drives) { return escaped(text) }
    if !text.isEmpty, text.utf8.allSatisfy(isPlain) { return text }
    return "'" + text.parts(separatedBy: "'").joined(separator: "'\\''") + "'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "/._-+,=@%".utf8.contains(byte)
    }
  }

  /// The form `$'…'`, in which a backslash and three octal digits are a byte.
  private static func escaped(_ text: String) -> String {
    var result = "$'"
    for scalar in text.unicodeScalars {
      if VisibleText.drives(scalar) || scalar == "'" || scalar == "\\" {
        for byte in String(scalar).utf8 {
          let digits = String(byte, radix: 8)
          result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }
}
