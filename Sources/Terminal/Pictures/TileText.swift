package import Figures
internal import Support

/// A grid of pictures as lines for a terminal: as many side by side as fit, with their captions.
package struct TileText {
  private let shades: ShadeText
  private let columns: Int

  private static let gap = "  "

  /// Sets how shades are drawn, and the width of the terminal.
  package init(_ shades: ShadeText, columns: Int) {
    self.shades = shades
    self.columns = columns
  }

  /// The lines of a grid's rows, each below its name.
  package func lines(of rows: [ImageGrid.Row]) -> [String] {
    rows.flatMap { row -> [String] in
      guard let widest = row.tiles.map({ shades.columns(of: $0.image) }).max() else {
        return row.name.isEmpty ? [] : [VisibleText.of(row.name), ""]
      }
      let count = max(1, (columns + Self.gap.count) / (widest + Self.gap.count))
      let groups = stride(from: 0, to: row.tiles.count, by: count).map {
        lines(of: Array(row.tiles[$0..<min($0 + count, row.tiles.count)]), width: widest)
      }
      return (row.name.isEmpty ? [] : [VisibleText.of(row.name)]) + groups.flatMap { $0 + [""] }
    }
  }

  private func lines(of tiles: [ImageGrid.Tile], width: Int) -> [String] {
    let images = tiles.map { shades.lines(of: $0.image) }
    let height = images.map(\.count).max() ?? 0
    let pictures = (0..<height).map { line in
      images.map { line < $0.count ? $0[line] : String(repeating: " ", count: width) }.joined(separator: Self.gap)
    }
    let captions = (0..<(tiles.map(\.captions.count).max() ?? 0)).map { line in
      tiles.map { centered($0.captions.count > line ? $0.captions[line].text : "", width: width) }
        .joined(separator: Self.gap)
    }
    return (pictures + captions).map { String($0.reversed().drop { $0 == " " }.reversed()) }
  }

  private func centered(_ text: String, width: Int) -> String {
    let text = VisibleText.of(text)
    let shown = text.count > width ? String(text.prefix(width - 1)) + "…" : text
    let left = (width - shown.count) / 2
    return String(repeating: " ", count: left) + shown + String(repeating: " ", count: width - shown.count - left)
  }
}
