internal import Support

/// Text quoted for a shell.
package enum ShellText {
  /// A word that a shell reads as this text: in single quotes if necessary, and with control characters escaped as bash, zsh and
  /// ksh expect.
  ///
  /// Compares bytes, as a shell does: a combining mark after an apostrophe merges with it into one character, but the apostrophe still ends the
  /// quotes.
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

  /// The form `$'…'`, in which a backslash and three octal digits stand for a byte.
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
