internal import Figures

extension Base64 {
  /// The bytes of a text, with or without padding at its end; nil if it has other characters. Line breaks count for nothing.
  static func bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var (word, count, padding) = (0, 0, 0)
    for character in text.utf8 {
      let digit: Int
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = Int(character - UInt8(ascii: "A"))
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = Int(character - UInt8(ascii: "a")) + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = Int(character - UInt8(ascii: "0")) + 52
      case UInt8(ascii: "+"), UInt8(ascii: "-"): digit = 62
      case UInt8(ascii: "/"), UInt8(ascii: "_"): digit = 63
      case UInt8(ascii: "="):
        padding += 1
        continue
      case UInt8(ascii: "\r"), UInt8(ascii: "\n"): continue
      default: return nil
      }
      guard padding == 0 else { return nil }
      word = word << 6 | digit
      count += 1
      if count == 4 {
        bytes += [UInt8(word >> 16 & 0xFF), UInt8(word >> 8 & 0xFF), UInt8(word & 0xFF)]
        (word, count) = (0, 0)
      }
    }
    switch count {
    case 0: return padding == 0 ? bytes : nil
    case 2: return padding == 0 || padding == 2 ? bytes + [UInt8(word >> 4 & 0xFF)] : nil
    case 3: return padding < 2 ? bytes + [UInt8(word >> 10 & 0xFF), UInt8(word >> 2 & 0xFF)] : nil
    default: return nil
    }
  }
}
