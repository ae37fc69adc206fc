internal import Randomness

/// Random erasing: with some probability, one rectangle of an image, anywhere inside it, becomes 0.
///
/// Its area is uniform from 2 % of the image's to the largest, its aspect (height : width) uniform in 0.3–3.3; height = √(area ·
/// aspect), width = √(area / aspect), rounded to whole pixels. If a rectangle does not fit, another one is drawn, at
/// most ten times.
///
/// Source: Zhong, Zheng, Kang, Li and Yang, "Random erasing data augmentation", 2017 (arXiv 1708.04896), which erases up to 40 %; on images
/// as small as Fashion-MNIST's, 20 % leaves the class visible.
public struct RandomErasing: Hashable, Sendable {
  /// The probability that a rectangle of an image is erased; above 0.
  public var probability = 0.5
  /// The largest area of the rectangle, as a share of the image's: above 0.02, at most 1.
  public var largestArea = 0.2

  /// Rectangles of up to 20 % of the area of half of the images.
  public init() {}

  static let smallestArea = 0.02
  static let aspect = 0.3...3.3
  private static let attempts = 10

  /// Draws the rectangle; nil for none.
  func draw(from generator: inout AddressedGenerator, height: Int, width: Int) -> ImageRectangle? {
    guard generator.unitDouble() < probability else { return nil }
    for _ in 0..<Self.attempts {
      let pixels = generator.uniform(in: Self.smallestArea...largestArea) * Double(height * width)
      let aspect = generator.uniform(in: Self.aspect)
      let rows = max(1, Int((pixels * aspect).squareRoot().rounded()))
      let columns = max(1, Int((pixels / aspect).squareRoot().rounded()))
      guard rows <= height, columns <= width else { continue }
      let top = generator.integer(below: height - rows + 1)
      let left = generator.integer(below: width - columns + 1)
      return ImageRectangle(rows: top..<(top + rows), columns: left..<(left + columns))
    }
    return nil
  }
}
