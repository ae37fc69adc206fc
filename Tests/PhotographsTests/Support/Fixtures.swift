import Foundation
import Photographs
import Testing

/// The pictures made by `Fixtures/make_fixtures.py`.
enum Fixtures {
  static func bytes(_ name: String) throws -> [UInt8] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(name)")
    return Array(try Data(contentsOf: file))
  }

  static func picture(_ name: String) throws -> Photograph { try Photograph(decoding: try bytes(name)) }

  /// The middles of the four quadrants: upper left, upper right, lower left, lower right.
  static func quadrants(_ picture: Photograph) -> [[Int]] {
    [(1, 1), (3, 1), (1, 3), (3, 3)].map { x, y in
      let first = (y * picture.height / 4 * picture.width + x * picture.width / 4) * 4
      return picture.pixels[first..<first + 4].map { Int($0) }
    }
  }

  /// Expects the quadrants to have these colors, within the loss of JPEG.
  static func expect(
    _ picture: Photograph, _ colors: [[Int]], within tolerance: Int, _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (found, expected) in zip(quadrants(picture), colors) {
      for (a, b) in zip(found, expected) {
        #expect(abs(a - b) <= tolerance, "\(name): \(found), not \(expected)", sourceLocation: sourceLocation)
      }
    }
  }

  static let red = [255, 0, 0, 255]
  static let green = [0, 255, 0, 255]
  static let blue = [0, 0, 255, 255]
  static let white = [255, 255, 255, 255]
}
