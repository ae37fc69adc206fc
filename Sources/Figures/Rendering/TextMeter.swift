/// Measures texts as they will be drawn.
package final class TextMeter {
  /// The font. Debian's Cairo cannot be installed without a font, and this is the first choice; where it is missing, the system picks
  /// another, and where there is none at all, Cairo draws letters of its own.
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

  /// The width of the widest of some texts in points; 0 for none.
  package func width(ofWidest texts: some Sequence<String>, size: Double, isBold: Bool = false) -> Double {
    texts.reduce(0) { max($0, width($1, size: size, isBold: isBold)) }
  }

  /// The text, cut and ended with an ellipsis where it is wider than so many points.
  package func fitted(_ text: String, size: Double, isBold: Bool = false, width limit: Double) -> String {
    let shown = Self.beginning(of: text)
    if shown.count == text.unicodeScalars.count, width(text, size: size, isBold: isBold) <= limit { return text }
    let letters = Array(String(shown))
    func candidate(_ count: Int) -> String { "\(String(letters[..<count]).trimmingSuffix(" "))…" }
    // The widths of longer beginnings are no smaller, so the longest that fits is found by halving.
    var (fits, fitsNot) = (0, letters.count)
    while fitsNot - fits > 1 {
      let middle = (fits + fitsNot) / 2
      if width(candidate(middle), size: size, isBold: isBold) <= limit { fits = middle } else { fitsNot = middle }
    }
    return fits > 0 ? candidate(fits) : ""
  }

  /// As much of a text as fits into any line: a name may be a whole book.
  private static func beginning(of text: String) -> String.UnicodeScalarView {
    String.UnicodeScalarView(text.unicodeScalars.prefix(longestLine))
  }

  private static let longestLine = 2000

  /// The text in lines of at most so many points, broken between words; a word that is wider is cut.
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
