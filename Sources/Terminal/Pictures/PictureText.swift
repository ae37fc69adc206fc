package import Figures

/// Control sequences that make a terminal show pictures.
package enum PictureText {
  /// The control sequences of a drawing; nil if the terminal cannot show pictures.
  package static func text(
    of drawing: Drawing, _ pictureProtocol: PictureProtocol, theme: Theme
  ) throws(FigureError) -> String? {
    switch pictureProtocol {
    case .kitty: kitty(png: try drawing.png(theme, scale: 1))
    case .iterm2: iterm2(png: try drawing.png(theme, scale: 1))
    case .sixel: sixel(try drawing.bitmap(theme, scale: 1))
    case .blocks, .characters: nil
    }
  }

  /// A PNG file for terminals with Kitty's protocol: pieces in base 64, each in a separate sequence.
  package static func kitty(png: [UInt8]) -> String {
    let text = Array(Base64.text(png).utf8)
    let pieces = stride(from: 0, to: text.count, by: 4096).map { text[$0..<min($0 + 4096, text.count)] }
    return pieces.enumerated().map { index, piece in
      let more = index + 1 < pieces.count ? 1 : 0
      let keys = index == 0 ? "f=100,a=T,m=\(more)" : "m=\(more)"
      return "\u{1B}_G\(keys);\(String(decoding: piece, as: UTF8.self))\u{1B}\\"
    }.joined()
  }

  /// A PNG file for terminals with iTerm2's protocol.
  package static func iterm2(png: [UInt8]) -> String {
    "\u{1B}]1337;File=inline=1;size=\(png.count):\(Base64.text(png))\u{7}"
  }

  /// A picture for terminals with Sixel: bands of six rows, each with the pixels of one color after another.
  ///
  /// Colors are rounded to a cube of 6 × 6 × 6, grays to 32 shades, because at most 256 are available.
  package static func sixel(_ image: Bitmap) -> String {
    var text = "\u{1B}Pq\"1;1;\(image.width);\(image.height)"
    var defined: Set<Int> = []
    for top in stride(from: 0, to: image.height, by: 6) {
      // For each color of the band, the bits of each column.
      var bands: [Int: [UInt8]] = [:]
      for row in top..<min(top + 6, image.height) {
        for column in 0..<image.width {
          let color = index(image.color(column: column, row: row))
          bands[color, default: Array(repeating: 0, count: image.width)][column] |= 1 << UInt8(row - top)
        }
      }
      for (number, color) in bands.keys.sorted().enumerated() {
        if defined.insert(color).inserted { text += definition(color) }
        text += (number > 0 ? "$" : "") + "#\(color)" + run(bands[color] ?? [])
      }
      text += "-"
    }
    return text + "\u{1B}\\"
  }

  private static func index(_ color: Color) -> Int {
    let channels = [color.red, color.green, color.blue].map { Int($0) }
    if Set(channels).count == 1 { return 216 + (channels[0] * 31 + 127) / 255 }
    return channels.reduce(0) { $0 * 6 + ($1 * 5 + 127) / 255 }
  }

  /// The sequence that defines a color's red, green and blue, each in percent.
  private static func definition(_ index: Int) -> String {
    let shares: [Int]
    if index >= 216 {
      shares = Array(repeating: ((index - 216) * 100 + 15) / 31, count: 3)
    } else {
      shares = [index / 36, index / 6 % 6, index % 6].map { $0 * 20 }
    }
    return "#\(index);2;\(shares[0]);\(shares[1]);\(shares[2])"
  }

  /// The columns of a band as characters starting at `?`, repeated ones with their count.
  private static func run(_ bits: [UInt8]) -> String {
    var text = ""
    var start = 0
    while start < bits.count {
      var end = start
      while end < bits.count, bits[end] == bits[start] { end += 1 }
      let character = Character(UnicodeScalar(63 + bits[start]))
      text += end - start > 3 ? "!\(end - start)\(character)" : String(repeating: character, count: end - start)
      start = end
    }
    return text
  }
}
