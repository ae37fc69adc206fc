/// Measures texts as they will be drawn.
package final class TextMeter {
  /// The font. Debian's Cairo requires a font, and this is the first choice. If it is missing, the system picks another
  /// one; without any font, Cairo uses its built-in letters.
  static let family = "DejaVu Sans"

  private let surface: CairoSurface

  /// Makes a meter.
  package init() throws(FigureError) {
    surface = try CairoSurface(Size(1, 1), scale: 1)
  }

  /// The width of a text in points.
  package func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    surface.width(of: text, size: size, isBold: isBold)
  }

  /// The width of the widest text in points; 0 without texts.
  package func width(ofWidest texts: some Sequence<String>, size: Double, isBold: Bool = false) -> Double {
    texts.reduce(0) { max($0, width($1, size: size, isBold: isBold)) }
  }

  /// The text, shortened with an ellipsis if it is wider than a number of points.
  package func fitted(_ text: String, size: Double, isBold: Bool = false, width limit: Double) -> String {
    let shown = Self.beginning(of: text)
    if shown.count == text.unicodeScalars.count, width(text, size: size, isBold: isBold) <= limit { return text }
    let letters = Array(String(shown))
    func candidate(_ count: Int) -> String { "\(String(letters[..<count]).trimmingSuffix(" "))…" }
    // A longer prefix is not narrower, so a binary search finds the longest that fits.
    var (fits, fitsNot) = (0, letters.count)
    while fitsNot - fits > 1 {
      let middle = (fits + fitsNot) / 2
      if width(candidate(middle), size: size, isBold: isBold) <= limit { fits = middle } else { fitsNot = middle }
    }
    return fits > 0 ? candidate(fits) : ""
  }

  /// The beginning of a text, longer than any line, because a name can have any length.
  private static func beginning(of text: String) -> String.UnicodeScalarView {
    String.UnicodeScalarView(text.unicodeScalars.prefix(longestLine))
  }

  private static let longestLine = 2000

  /// The text in lines of a maximum width in points, broken between words; wider words are shortened.
  package func lines(_ text: String, size: Double, isBold: Bool = false, width limit: Double) -> [String] {
    var lines: [String] = []
    for word in String(Self.beginning(of: text)).split(separator: " ") {
      let longer = lines.last.map { $0 + " " + word } ?? String(word)
      if !lines.isEmpty, width(longer, size: size, isBold: isBold) <= limit {
        lines[lines.count - 1] = longer
      } else {
        lines.append(fitted(String(word), size: size, isBold: isBold, width: limit))
      }
    }
    return lines
  }
}

extension String {
  /// The text without trailing characters of one kind.
  fileprivate func trimmingSuffix(_ character: Character) -> Substring {
    var text = self[...]
    while text.last == character { text.removeLast() }
    return text
  }
}
