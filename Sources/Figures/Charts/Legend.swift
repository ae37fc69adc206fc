/// The names of series beside samples of their lines or markers, in as many rows as needed.
struct Legend {
  /// How a series is drawn.
  struct Entry: Hashable, Sendable {
    let name: String
    let ink: Ink
    var dashes: [Double]?
    var marker: Marker?
  }

  let entries: [Entry]

  private static let sample = 22.0
  private static let gap = 6.0
  private static let spacing = 16.0
  private static let rowHeight = 17.0

  /// The height for a width; 0 for a single entry without a name.
  func height(width: Double, meter: TextMeter) -> Double {
    Double(rows(width: width, meter: meter).count) * Self.rowHeight
  }

  /// Draws the legend from the upper left corner of an area.
  func draw(in area: Rectangle, on drawing: inout Drawing) {
    for (number, row) in rows(width: area.width, meter: drawing.meter).enumerated() {
      let y = area.top + (Double(number) + 0.5) * Self.rowHeight
      var x = area.left
      for entry in row {
        drawSample(entry, from: x, y: y, on: &drawing)
        x += Self.sample + Self.gap
        drawing.centeredText(entry.name, Point(x, y), Lettering(Layout.small))
        x += drawing.meter.width(entry.name, size: Layout.small) + Self.spacing
      }
    }
  }

  private func drawSample(_ entry: Entry, from x: Double, y: Double, on drawing: inout Drawing) {
    if let dashes = entry.dashes {
      drawing.line(Point(x, y), Point(x + Self.sample, y), Stroke(entry.ink, width: 2, dashes: dashes))
    } else if entry.marker == nil {
      drawing.fill(Rectangle(x + 4, y - 6, width: Self.sample - 8, height: 12), entry.ink, radius: 2)
    }
    entry.marker?.draw(at: Point(x + Self.sample / 2, y), radius: 3.5, ink: entry.ink, on: &drawing)
  }

  private func rows(width: Double, meter: TextMeter) -> [[Entry]] {
    var rows: [[Entry]] = []
    var used = Double.infinity
    for entry in entries where !entry.name.isEmpty {
      let needed = Self.sample + Self.gap + meter.width(entry.name, size: Layout.small)
      if used + Self.spacing + needed > width {
        rows.append([entry])
        used = needed
      } else {
        rows[rows.count - 1].append(entry)
        used += Self.spacing + needed
      }
    }
    return rows
  }
}
