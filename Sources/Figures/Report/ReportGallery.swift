/// Pictures with captions, in groups with optional headings; they wrap on narrow pages.
package struct ReportGallery {
  /// The groups.
  package var rows: [ImageGrid.Row]
  /// The width of a picture on the page, in CSS pixels.
  package var imageWidth: Int

  /// Describes a gallery.
  package init(rows: [ImageGrid.Row], imageWidth: Int) {
    self.rows = rows
    self.imageWidth = imageWidth
  }

  func write(to html: inout HTML) throws(FigureError) {
    try html.element("div", [("class", "gallery")]) { (html) throws(FigureError) in
      for row in rows {
        if !row.name.isEmpty { html.element("h4", row.name) }
        try html.element("ul", [("class", "tiles")]) { (html) throws(FigureError) in
          for tile in row.tiles { try write(tile, to: &html) }
        }
      }
    }
  }

  private func write(_ tile: ImageGrid.Tile, to html: inout HTML) throws(FigureError) {
    // Enough pixels for a dense screen; large photographs would make the page too large.
    let image = tile.image.reduced(toFit: imageWidth * 3 / 2)
    let source = "data:image/png;base64,\(Base64.text(try image.png()))"
    let height = imageWidth * image.height / image.width
    let words = tile.tip.isEmpty ? tile.captions.map(\.text).joined(separator: ", ") : tile.tip
    html.element("li", [("style", "width:\(imageWidth + 16)px"), ("title", words)]) { html in
      html.open(
        "img",
        [
          ("class", image.channels == 1 ? "ink px" : "px"), ("src", source), ("alt", words), ("width", "\(imageWidth)"),
          ("height", "\(height)"), ("loading", "lazy"),
        ])
      for caption in tile.captions { html.element("span", [("class", "c-\(caption.ink.name)")], caption.text) }
    }
  }
}
