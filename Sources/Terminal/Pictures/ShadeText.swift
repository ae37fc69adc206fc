package import Figures
internal import Files

/// Small gray pictures as lines of characters.
package struct ShadeText: Sendable {
  /// How shades are drawn.
  package enum Means: Sendable {
    /// With characters that are darker or lighter.
    case characters
    /// With two pixels per character, in the 24 grays of the 256 colors.
    case grays
    /// With two pixels per character, in all shades.
    case colors
  }

  private let means: Means

  /// Chooses how shades are drawn.
  package init(_ means: Means) {
    self.means = means
  }

  /// The number of columns of a picture.
  package func columns(of image: Bitmap) -> Int { image.width }

  /// The lines of a picture: half as many as its rows, because characters are twice as high as wide.
  package func lines(of image: Bitmap) -> [String] {
    stride(from: 0, to: image.height, by: 2).map { row in
      var line = ""
      var last = ""
      for column in 0..<image.width {
        let upper = gray(image, column, row)
        let lower = row + 1 < image.height ? gray(image, column, row + 1) : 0
        if means == .characters {
          line.append(Self.darkening[(upper + lower) * Self.darkening.count / 511])
          continue
        }
        // The upper half block in one color on a background of the other; colors last until they are changed.
        let colors = colors(upper: upper, lower: lower)
        if colors != last { line += colors }
        last = colors
        line += "▀"
      }
      return means == .characters ? line : line + "\u{1B}[0m"
    }
  }

  private func gray(_ image: Bitmap, _ column: Int, _ row: Int) -> Int {
    let color = image.color(column: column, row: row)
    return (Int(color.red) * 299 + Int(color.green) * 587 + Int(color.blue) * 114 + 500) / 1000
  }

  private func colors(upper: Int, lower: Int) -> String {
    if means == .colors { return "\u{1B}[38;2;\(upper);\(upper);\(upper);48;2;\(lower);\(lower);\(lower)m" }
    return "\u{1B}[38;5;\(Self.index(upper));48;5;\(Self.index(lower))m"
  }

  /// From no ink to much ink.
  private static let darkening = Array(" .:-=+*#%@")

  /// The nearest gray among the 256 colors: black and white of the cube, and 24 in between.
  private static func index(_ gray: Int) -> Int {
    if gray < 4 { return 16 }
    if gray > 246 { return 231 }
    return 232 + min(23, (gray - 3) / 10)
  }
}

extension ShadeText {
  /// The shades for a terminal that cannot show pictures.
  package init(suiting pictureProtocol: PictureProtocol) {
    let depth = Environment.value("COLORTERM")
    let isDeep = depth == "truecolor" || depth == "24bit"
    self.init(pictureProtocol == .characters ? .characters : isDeep ? .colors : .grays)
  }
}
