/// A small shape that distinguishes the points of series without color.
package enum Marker: Int, CaseIterable, Sendable {
  /// A filled circle.
  case disk
  /// A filled square.
  case square
  /// A filled triangle that points up.
  case triangle
  /// A filled square on its corner.
  case diamond
  /// A ring.
  case ring
  /// An upright cross.
  case plus
  /// A filled triangle that points down.
  case wedge
  /// A diagonal cross.
  case cross
  /// The outline of a square.
  case frame
  /// Three strokes through one point.
  case star

  /// The marker of a series, from 0; after the last one, they repeat.
  package static func series(_ index: Int) -> Marker { allCases[index % allCases.count] }

  /// Draws the marker.
  ///
  /// - Parameter radius: The radius of a disk that looks about as large.
  func draw(at center: Point, radius: Double, ink: Ink, opacity: Double = 1, on drawing: inout Drawing) {
    let fill = Fill(ink, opacity: opacity)
    let stroke = Stroke(ink, width: max(1, radius * 0.45), opacity: opacity)
    func corners(_ offsets: [(Double, Double)]) -> [Point] {
      offsets.map { Point(center.x + $0.0 * radius, center.y + $0.1 * radius) }
    }
    func strokes(_ angles: [(Double, Double)]) {
      for (x, y) in angles { drawing.add(.line(corners([(-x, -y), (x, y)]), stroke)) }
    }
    switch self {
    case .disk: drawing.add(.circle(center, radius: radius, fill, nil))
    case .square: drawing.add(.polygon(corners([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]), fill, nil))
    case .triangle: drawing.add(.polygon(corners([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)]), fill, nil))
    case .diamond: drawing.add(.polygon(corners([(0, -1.3), (1.2, 0), (0, 1.3), (-1.2, 0)]), fill, nil))
    case .ring: drawing.add(.circle(center, radius: radius * 0.9, nil, stroke))
    case .plus: strokes([(1.2, 0), (0, 1.2)])
    case .wedge: drawing.add(.polygon(corners([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)]), fill, nil))
    case .cross: strokes([(0.95, 0.95), (0.95, -0.95)])
    case .frame: drawing.add(.polygon(corners([(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]), nil, stroke))
    case .star: strokes([(0, 1.2), (1.05, 0.6), (1.05, -0.6)])
    }
  }
}

/// The dashes that distinguish lines without color.
enum Dashes {
  private static let patterns: [[Double]] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [12, 4], [5, 2, 2, 2, 2, 2]]

  /// The dashes of a series, from 0.
  static func series(_ index: Int) -> [Double] { patterns[index % patterns.count] }
}
