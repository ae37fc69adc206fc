import Datasets
import Foundation

/// The changes of an image, written plainly in Double, for comparison.
struct ReferenceChange {
  /// [H, W, C], from 0 to 255.
  var values: [Double]
  let shape: Shape

  init(_ pixels: [Int], _ shape: Shape) {
    values = pixels.map(Double.init)
    self.shape = shape
  }

  private var center: (x: Double, y: Double) { (Double(shape.width - 1) / 2, Double(shape.height - 1) / 2) }

  private func pixel(_ row: Int, _ column: Int, _ channel: Int) -> Double {
    guard 0..<shape.height ~= row, 0..<shape.width ~= column else { return 0 }
    return values[(row * shape.width + column) * shape.channels + channel]
  }

  /// Samples the image: `source` gives the old position of a new one, both from the center.
  mutating func sample(_ source: (_ x: Double, _ y: Double) -> (x: Double, y: Double)) {
    var result: [Double] = []
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        let old = source(Double(column) - center.x, Double(row) - center.y)
        let (x, y) = (old.x + center.x, old.y + center.y)
        let (left, top) = (Int(floor(x)), Int(floor(y)))
        let (right, down) = (x - floor(x), y - floor(y))
        for channel in 0..<shape.channels {
          result.append(
            (1 - down) * ((1 - right) * pixel(top, left, channel) + right * pixel(top, left + 1, channel))
              + down * ((1 - right) * pixel(top + 1, left, channel) + right * pixel(top + 1, left + 1, channel)))
        }
      }
    }
    values = result
  }

  /// The old position for a rotation.
  static func rotated(_ x: Double, _ y: Double, degrees: Double) -> (x: Double, y: Double) {
    let angle = degrees * .pi / 180
    return (cos(angle) * x + sin(angle) * y, -sin(angle) * x + cos(angle) * y)
  }

  private func gray(_ place: Int) -> Double {
    let first = place / shape.channels * shape.channels
    let pixel = Array(values[first..<first + shape.channels])
    return shape.channels == 3
      ? 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2] : pixel.reduce(0, +) / Double(pixel.count)
  }

  mutating func brighten(_ factor: Double) { values = values.map { min(255, $0 * factor) } }

  mutating func contrast(_ factor: Double) {
    let mean = values.indices.map(gray).reduce(0, +) / Double(values.count)
    values = values.map { min(255, max(0, mean + ($0 - mean) * factor)) }
  }

  mutating func saturate(_ factor: Double) {
    let grays = values.indices.map(gray)
    values = zip(values, grays).map { min(255, max(0, $1 + ($0 - $1) * factor)) }
  }

  mutating func posterize(bits: Int) { values = values.map { Double((Int($0.rounded()) >> (8 - bits)) << (8 - bits)) } }

  mutating func solarize(from threshold: Double) { values = values.map { $0 >= threshold ? 255 - $0 : $0 } }

  /// Whether pixels are these, up to a rounding that Float and Double may do differently.
  func agrees(with pixels: [Int]) -> Bool {
    pixels.count == values.count && zip(pixels, values).allSatisfy { abs(Double($0) - $1) < 0.51 }
  }
}
