internal import Glibc

/// A picture at its final size: red, green and blue, `[height][width][3]`, 0…255.
struct SmallPicture {
  let width: Int
  let height: Int
  let colors: [Double]

  /// The picture sharpened by a 3 × 3 kernel: −G around, where G is a Gaussian of deviation 1, and in the middle twice the sum of all G,
  /// divided by the sum of the kernel. Pixels beyond an edge are those at the edge.
  func sharpened() -> SmallPicture {
    let gaussian = (-1...1).map { y in (-1...1).map { x in exp(-Double(x * x + y * y) / 2) } }
    let sum = gaussian.joined().reduce(0, +)
    let middle = 2 * sum
    let total = middle - (sum - gaussian[1][1])
    var sharp: [Double] = []
    sharp.reserveCapacity(colors.count)
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<3 {
          var value = 0.0
          for y in -1...1 {
            for x in -1...1 {
              let weight = x == 0 && y == 0 ? middle : -gaussian[y + 1][x + 1]
              value += weight * color(column + x, row + y, channel)
            }
          }
          sharp.append(min(255, max(0, value / total)))
        }
      }
    }
    return SmallPicture(width: width, height: height, colors: sharp)
  }

  /// The gray of a pixel, 0…255.
  func gray(_ column: Int, _ row: Int) -> UInt8 {
    UInt8(Self.gray((0..<3).map { color(column, row, $0) }).rounded())
  }

  /// The brightness of a color by ITU-R BT.709.
  static func gray(_ color: [Double]) -> Double {
    0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2]
  }

  private func color(_ column: Int, _ row: Int, _ channel: Int) -> Double {
    let (x, y) = (min(width - 1, max(0, column)), min(height - 1, max(0, row)))
    return colors[(y * width + x) * 3 + channel]
  }
}
