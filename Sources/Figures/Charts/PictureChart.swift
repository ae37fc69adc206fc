internal import Support

/// Pictures at places of a plane, framed in the colors of their kinds. Pictures that would cover an earlier one are left out.
package struct PictureChart: Chart {
  /// A picture with its place.
  package struct Item: Hashable, Sendable {
    /// The picture.
    package var image: Bitmap
    /// Its place.
    package var place: Point
    /// The number of its kind.
    package var kind: Int
    /// The tooltip.
    package var tip: String

    /// Describes a picture.
    package init(_ image: Bitmap, at place: Point, kind: Int, tip: String = "") {
      self.image = image
      self.place = place
      self.kind = kind
      self.tip = tip
    }
  }

  /// The horizontal axis.
  package var x: Axis
  /// The vertical axis.
  package var y: Axis
  /// The pictures; earlier ones are preferred.
  package var items: [Item]
  /// The names of the kinds.
  package var kinds: [String]
  /// The width of a picture in points.
  package var imageWidth: Double
  /// Its natural size.
  package var size: Size

  /// Describes a chart.
  package init(
    x: Axis, y: Axis, items: [Item], kinds: [String], imageWidth: Double = 22, size: Size = Size(860, 780)
  ) {
    self.x = x
    self.y = y
    self.items = items
    self.kinds = kinds
    self.imageWidth = imageWidth
    self.size = size
  }

  package func naturalSize(_ meter: TextMeter) -> Size { size }

  package func draw(in area: Rectangle, on drawing: inout Drawing) {
    let finite = items.filter { $0.place.x.isFinite && $0.place.y.isFinite }
    let isNamed = kinds.count <= ScatterChart.mostNames
    let frame = PlotFrame(
      in: area, title: "", x: x, y: y, xs: finite.map(\.place.x), ys: finite.map(\.place.y),
      legend: Legend(
        entries: isNamed
          ? kinds.indices.map { Legend.Entry(name: kinds[$0], ink: .series($0), marker: .series($0)) } : []),
      meter: drawing.meter)
    frame.draw(on: &drawing)
    // Cells as large as a picture: one that is free of pictures around it is free of overlaps.
    var taken: [Cell: [Point]] = [:]
    for item in finite {
      let center = frame.place(item.place.x, item.place.y)
      let height = imageWidth * Double(item.image.height) / Double(item.image.width)
      let cell = Cell(column: Int((center.x / imageWidth).rounded(.down)), row: Int((center.y / height).rounded(.down)))
      let near = (-1...1).flatMap { column in
        (-1...1).flatMap { row in taken[Cell(column: cell.column + column, row: cell.row + row)] ?? [] }
      }
      let isFree = near.allSatisfy { abs($0.x - center.x) >= imageWidth || abs($0.y - center.y) >= height }
      guard isFree else { continue }
      taken[cell, default: []].append(center)
      let place = Rectangle(center.x - imageWidth / 2, center.y - height / 2, width: imageWidth, height: height)
      drawing.titled(item.tip) { part in
        part.add(.image(item.image, place, .ink))
        part.add(.rectangle(place, radius: 0, nil, Stroke(.series(item.kind), width: 1)))
        // Neither color nor picture alone says the class.
        Marker.series(item.kind).draw(
          at: Point(place.left + 2.5, place.top + 2.5), radius: 2.2, ink: .series(item.kind), on: &part)
      }
    }
  }

  private struct Cell: Hashable {
    let column: Int
    let row: Int
  }
}
