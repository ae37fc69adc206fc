/// Rows of pictures with lines of text under each; rows have names.
package struct ImageGrid: Chart, Hashable, Sendable {
  /// A picture with its texts.
  package struct Tile: Hashable, Sendable {
    /// A line under a picture.
    package struct Caption: Hashable, Sendable {
      /// Its text.
      package var text: String
      /// Its color.
      package var ink: Ink

      /// Describes a line.
      package init(_ text: String, _ ink: Ink = .text) {
        self.text = text
        self.ink = ink
      }
    }

    /// The picture.
    package var image: Bitmap
    /// The lines under it.
    package var captions: [Caption]
    /// The tooltip; may be empty.
    package var tip: String

    /// Describes a picture.
    package init(_ image: Bitmap, captions: [Caption] = [], tip: String = "") {
      self.image = image
      self.captions = captions
      self.tip = tip
    }
  }

  /// Pictures that belong together.
  package struct Row: Hashable, Sendable {
    /// Its name, shown on the left; may be empty.
    package var name: String
    /// Its pictures.
    package var tiles: [Tile]

    /// Describes a row.
    package init(_ name: String = "", tiles: [Tile]) {
      self.name = name
      self.tiles = tiles
    }
  }

  /// The title; may be empty.
  package var title: String
  /// The rows, from top to bottom.
  package var rows: [Row]
  /// The width of each picture in points.
  package var imageWidth: Double
  /// The meaning of the pictures' values.
  package var tone: Element.Tone
  /// The space between pictures in points.
  package var gap: Double

  /// Describes a grid.
  package init(_ title: String, rows: [Row], imageWidth: Double = 84, tone: Element.Tone = .ink, gap: Double = 10) {
    self.title = title
    self.rows = rows
    self.imageWidth = imageWidth
    self.tone = tone
    self.gap = gap
  }

  /// Describes a grid of pictures without groups, with a number of columns.
  package init(
    _ title: String, tiles: [Tile], columns: Int, imageWidth: Double = 84, tone: Element.Tone = .ink, gap: Double = 10
  ) {
    let rows = stride(from: 0, to: tiles.count, by: max(1, columns)).map { first in
      Row(tiles: Array(tiles[first..<min(first + max(1, columns), tiles.count)]))
    }
    self.init(title, rows: rows, imageWidth: imageWidth, tone: tone, gap: gap)
  }

  private var titleHeight: Double { title.isEmpty ? 0 : Layout.large * Layout.lineSpacing + 8 }
  private var captionHeight: Double { Layout.small * Layout.lineSpacing }

  private func nameWidth(_ meter: TextMeter) -> Double {
    let widest = meter.width(ofWidest: rows.map(\.name), size: Layout.small)
    return widest > 0 ? widest + 12 : 0
  }

  private func height(of image: Bitmap) -> Double { imageWidth * Double(image.height) / Double(image.width) }

  /// The heights of a row's pictures and of the lines under them.
  private func heights(_ row: Row) -> (images: Double, captions: Double) {
    let lines = row.tiles.map(\.captions.count).max() ?? 0
    return (
      row.tiles.reduce(0) { max($0, height(of: $1.image)) },
      lines == 0 ? 0 : Double(lines) * captionHeight + 4
    )
  }

  package func naturalSize(_ meter: TextMeter) -> Size {
    let columns = Double(rows.map(\.tiles.count).max() ?? 0)
    let height = rows.reduce(0.0) { $0 + heights($1).images + heights($1).captions + gap }
    return Size(
      nameWidth(meter) + columns * imageWidth + max(0, columns - 1) * gap, titleHeight + max(0, height - gap))
  }

  package func draw(in area: Rectangle, on drawing: inout Drawing) {
    if !title.isEmpty {
      drawing.text(title, Point(area.left, area.top + Layout.large), Lettering(Layout.large, isBold: true))
    }
    let left = area.left + nameWidth(drawing.meter)
    var y = area.top + titleHeight
    for row in rows {
      let heights = heights(row)
      drawing.centeredText(row.name, Point(left - 12, y + heights.images / 2), Lettering(Layout.small, anchor: .end))
      for (column, tile) in row.tiles.enumerated() {
        let x = left + Double(column) * (imageWidth + gap)
        let place = Rectangle(x, y, width: imageWidth, height: height(of: tile.image))
        if tile.tip.isEmpty {
          draw(tile, in: place, on: &drawing)
        } else {
          drawing.titled(tile.tip) { draw(tile, in: place, on: &$0) }
        }
      }
      y += heights.images + heights.captions + gap
    }
  }

  private func draw(_ tile: Tile, in place: Rectangle, on drawing: inout Drawing) {
    drawing.add(.image(tile.image, place, tone))
    drawing.add(.rectangle(place, radius: 0, nil, Stroke(.grid)))
    for (line, caption) in tile.captions.enumerated() {
      let room = imageWidth + min(gap, 8)
      let text = drawing.meter.fitted(caption.text, size: Layout.small, width: room)
      drawing.text(
        text, Point(place.center.x, place.bottom + 3 + Layout.small + Double(line) * captionHeight),
        Lettering(Layout.small, anchor: .middle, ink: caption.ink))
    }
  }
}
