internal import Randomness

/// A rectangle of an image to overwrite.
struct ErasedRectangle: Hashable {
  var rows: Range<Int>
  var columns: Range<Int>
}

/// Random erasing: with probability ½, one rectangle of an image, anywhere inside it.
///
/// Its area is uniform in 2–20 % of the image's, its aspect (height : width) uniform in 0.3–3.3; height = √(area ·
/// aspect), width = √(area / aspect), rounded to whole pixels. If a rectangle does not fit, another one is drawn, at
/// most ten times.
///
/// Source: Zhong, Zheng, Kang, Li and Yang, "Random erasing data augmentation", 2017 (arXiv 1708.04896), which erases up to 40 %; on images
/// this small 20 % leaves the class visible.
enum RandomErasing {
  static let probability = 0.5
  static let area = 0.02...0.20
  static let aspect = 0.3...3.3
  private static let attempts = 10

  /// Draws the rectangle; nil for none.
  static func draw(from generator: inout AddressedGenerator, height: Int, width: Int) -> ErasedRectangle? {
    guard generator.unitDouble() < probability else { return nil }
    for _ in 0..<attempts {
      let pixels = uniform(in: area, from: &generator) * Double(height * width)
      let aspect = uniform(in: aspect, from: &generator)
      let rows = max(1, Int((pixels * aspect).squareRoot().rounded()))
      let columns = max(1, Int((pixels / aspect).squareRoot().rounded()))
      guard rows <= height, columns <= width else { continue }
      let top = generator.integer(below: height - rows + 1)
      let left = generator.integer(below: width - columns + 1)
      return ErasedRectangle(rows: top..<(top + rows), columns: left..<(left + columns))
    }
    return nil
  }

  private static func uniform(in range: ClosedRange<Double>, from generator: inout AddressedGenerator) -> Double {
    range.lowerBound + generator.unitDouble() * (range.upperBound - range.lowerBound)
  }
}
