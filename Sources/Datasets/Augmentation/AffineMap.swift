internal import Randomness
internal import Samples

/// Where each pixel of a changed image comes from: an affine map of positions, which are counted from the center.
///
/// Changes of the geometry compose to one map, so an image is sampled once, whatever their number.
struct AffineMap: Hashable, Sendable {
  // x = horizontal.x · x′ + horizontal.y · y′ + horizontal.move, and y in the same way.
  private var horizontal = (x: 1.0, y: 0.0, move: 0.0)
  private var vertical = (x: 0.0, y: 1.0, move: 0.0)

  /// The map that changes nothing.
  init() {}

  private init(
    _ horizontal: (x: Double, y: Double, move: Double), _ vertical: (x: Double, y: Double, move: Double)
  ) {
    self.horizontal = horizontal
    self.vertical = vertical
  }

  /// Then mirrors from left to right.
  mutating func mirror() { follow(AffineMap((-1, 0, 0), (0, 1, 0))) }

  /// Then turns by an angle, from −180 to 180 degrees.
  mutating func rotate(degrees: Double) {
    let turns = degrees / 360
    let cosine = ElementaryFunctions.cosine(turns: turns.magnitude)
    let sine = ElementaryFunctions.cosine(turns: (turns - 0.25).magnitude)
    follow(AffineMap((cosine, sine, 0), (-sine, cosine, 0)))
  }

  /// Then enlarges by a factor above 0.
  mutating func scale(by factor: Double) { follow(AffineMap((1 / factor, 0, 0), (0, 1 / factor, 0))) }

  /// Then moves.
  mutating func move(right: Double, down: Double) { follow(AffineMap((1, 0, -right), (0, 1, -down))) }

  /// Then moves each row right by `horizontal` times its distance below the center, and each column down in the same way.
  ///
  /// - Precondition: one of both is 0.
  mutating func shear(horizontal: Double = 0, vertical: Double = 0) {
    follow(AffineMap((1, -horizontal, 0), (-vertical, 1, 0)))
  }

  /// Appends a change, given as the map from new positions to old ones.
  private mutating func follow(_ next: AffineMap) {
    func row(_ row: (x: Double, y: Double, move: Double)) -> (x: Double, y: Double, move: Double) {
      (
        row.x * next.horizontal.x + row.y * next.vertical.x, row.x * next.horizontal.y + row.y * next.vertical.y,
        row.x * next.horizontal.move + row.y * next.vertical.move + row.move
      )
    }
    (horizontal, vertical) = (row(horizontal), row(vertical))
  }

  static func == (left: AffineMap, right: AffineMap) -> Bool {
    left.horizontal == right.horizontal && left.vertical == right.vertical
  }

  func hash(into hasher: inout Hasher) {
    for row in [horizontal, vertical] {
      hasher.combine(row.x)
      hasher.combine(row.y)
      hasher.combine(row.move)
    }
  }

  /// Samples an image: `pixels` [H, W, C] → `output` [H, W, C], from 0 to 255, by bilinear interpolation; 0 outside the image.
  func sample(_ pixels: Span<UInt8>, shape: Shape, into output: inout MutableSpan<Float>) {
    let (height, width, channels) = (shape.height, shape.width, shape.channels)
    let center = (x: Double(width - 1) / 2, y: Double(height - 1) / 2)
    for row in 0..<height {
      let y = Double(row) - center.y
      for column in 0..<width {
        let x = Double(column) - center.x
        let sourceX = horizontal.x * x + horizontal.y * y + horizontal.move + center.x
        let sourceY = vertical.x * x + vertical.y * y + vertical.move + center.y
        let target = (row * width + column) * channels
        // Positions so far outside that no neighbor is inside, also those that an Int cannot hold.
        guard sourceX > -1, sourceY > -1, sourceX < Double(width), sourceY < Double(height) else {
          for channel in 0..<channels { output[target + channel] = 0 }
          continue
        }
        // Rounded down; without SSE 4.1 a conversion is much faster than the function. The sum may round up to the next whole number.
        let firstColumn = min(Int(sourceX + 1) - 1, width - 1)
        let firstRow = min(Int(sourceY + 1) - 1, height - 1)
        let (shareX, shareY) = (Float(sourceX - Double(firstColumn)), Float(sourceY - Double(firstRow)))
        let hasLeft = firstColumn >= 0
        let hasRight = firstColumn + 1 < width
        let hasTop = firstRow >= 0
        let hasBottom = firstRow + 1 < height
        let source = (firstRow * width + firstColumn) * channels
        for channel in 0..<channels {
          let place = source + channel
          let topLeft = hasTop && hasLeft ? Float(pixels[place]) : 0
          let topRight = hasTop && hasRight ? Float(pixels[place + channels]) : 0
          let bottomLeft = hasBottom && hasLeft ? Float(pixels[place + width * channels]) : 0
          let bottomRight = hasBottom && hasRight ? Float(pixels[place + (width + 1) * channels]) : 0
          let upper = topLeft + (topRight - topLeft) * shareX
          let lower = bottomLeft + (bottomRight - bottomLeft) * shareX
          output[target + channel] = upper + (lower - upper) * shareY
        }
      }
    }
  }
}
