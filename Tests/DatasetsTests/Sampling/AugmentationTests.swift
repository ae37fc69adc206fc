import Datasets
import Testing

struct AugmentationTests {
  /// Draws every image of the set as pixel values, one array per image.
  private static func drawn(_ set: ImageSet, _ text: String, seed: UInt64 = 1, epoch: Int = 0) throws -> [[Int]] {
    let source = try SampleSource(
      set, normalization: SampleImages.identity(channels: set.shape.channels),
      augmentation: Augmentation(parsing: text),
      seed: seed)
    let pixels = DrawnSamples(source, set.allIndices, epoch: epoch).pixels.map { Int($0.rounded()) }
    let size = set.shape.count
    return (0..<set.count).map { Array(pixels[($0 * size)..<(($0 + 1) * size)]) }
  }

  /// The image with `value(row, column, channel)` at each position; 0 if that is nil.
  private static func image(_ shape: Shape, _ value: (Int, Int, Int) -> Int?) -> [Int] {
    var result: [Int] = []
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        for channel in 0..<shape.channels { result.append(value(row, column, channel) ?? 0) }
      }
    }
    return result
  }

  private static func mirrored(_ pixels: [Int], _ shape: Shape) -> [Int] {
    image(shape) { row, column, channel in
      pixels[(row * shape.width + shape.width - 1 - column) * shape.channels + channel]
    }
  }

  private static func moved(_ pixels: [Int], _ shape: Shape, down: Int, right: Int) -> [Int] {
    image(shape) { row, column, channel in
      let (row, column) = (row - down, column - right)
      guard 0..<shape.height ~= row, 0..<shape.width ~= column else { return nil }
      return pixels[(row * shape.width + column) * shape.channels + channel]
    }
  }

  private static func originals(_ set: ImageSet) -> [[Int]] {
    (0..<set.count).map { set.pixels(at: $0).map { Int($0) } }
  }

  @Test(arguments: [(5, 5, 1), (4, 7, 3), (1, 2, 1)])
  func flippingMirrorsHalfOfTheImages(height: Int, width: Int, channels: Int) throws {
    let set = SampleImages.patterned(count: 2000, height: height, width: width, channels: channels)
    var mirroredCount = 0
    for (result, original) in zip(try Self.drawn(set, "flip"), Self.originals(set)) {
      if result != original {
        #expect(result == Self.mirrored(original, set.shape))
        mirroredCount += 1
      }
    }
    // Mean 1000, deviation 22.4; five deviations.
    #expect(abs(mirroredCount - 1000) < 112)
  }

  @Test(arguments: [(5, 5, 1), (4, 7, 3), (28, 28, 1)])
  func shiftingMovesUniformlyAndFillsWithZero(height: Int, width: Int, channels: Int) throws {
    let set = SampleImages.patterned(count: 2500, height: height, width: width, channels: channels)
    var counts: [[Int]: Int] = [:]
    for (result, original) in zip(try Self.drawn(set, "shift=2"), Self.originals(set)) {
      var matches: [[Int]] = []
      for down in -2...2 {
        for right in -2...2 where Self.moved(original, set.shape, down: down, right: right) == result {
          matches.append([down, right])
        }
      }
      let match = try #require(matches.count == 1 ? matches.first : nil, "\(matches)")
      counts[match, default: 0] += 1
    }
    // 25 equally likely moves: 24 degrees of freedom, 0.999 quantile.
    #expect(counts.count == 25)
    #expect(counts.values.reduce(0) { $0 + Double(($1 - 100) * ($1 - 100)) / 100 } < 51.18)
  }

  @Test(arguments: [(28, 28, 1), (20, 30, 3), (32, 32, 3)])
  func erasingBlanksOneRectangleInHalfOfTheImages(height: Int, width: Int, channels: Int) throws {
    let set = SampleImages.patterned(count: 3000, height: height, width: width, channels: channels)
    let total = Double(height * width)
    var rectangles: [(rows: Int, columns: Int)] = []
    var centers = (row: 0.0, column: 0.0)
    for (result, original) in zip(try Self.drawn(set, "erase"), Self.originals(set)) where result != original {
      let blank = (0..<(height * width)).filter { result[$0 * channels] == 0 }
      let rows = blank.map { $0 / width }
      let columns = blank.map { $0 % width }
      let (top, bottom) = (rows.min() ?? 0, rows.max() ?? 0)
      let (left, right) = (columns.min() ?? 0, columns.max() ?? 0)
      let expected = Self.image(set.shape) { row, column, channel in
        (top...bottom) ~= row && (left...right) ~= column
          ? nil : original[(row * width + column) * channels + channel]
      }
      #expect(result == expected)
      rectangles.append((bottom - top + 1, right - left + 1))
      centers.row += Double(top + bottom + 1) / 2 / Double(height)
      centers.column += Double(left + right + 1) / 2 / Double(width)
    }
    // Mean 1500, deviation 27.4; five deviations.
    #expect(abs(rectangles.count - 1500) < 137)
    for rectangle in rectangles {
      // Rounding moves each side by at most half a pixel.
      let (rows, columns) = (Double(rectangle.rows), Double(rectangle.columns))
      #expect((rows - 0.5) * (columns - 0.5) <= 0.2 * total && (rows + 0.5) * (columns + 0.5) >= 0.02 * total)
      #expect((rows - 0.5) / (columns + 0.5) <= 3.3 && (rows + 0.5) / (columns - 0.5) >= 0.3)
    }
    let count = Double(rectangles.count)
    let areas = rectangles.map { Double($0.rows * $0.columns) / total }
    // Areas are uniform: mean 0.11, deviation 0.052 / √1500 = 0.0013. They reach both ends. Rectangles lie anywhere, so their centers
    // average to the middle: deviation at most 0.29 / √1500 = 0.0075.
    #expect(abs(areas.reduce(0, +) / count - 0.11) < 0.0067)
    #expect((areas.min() ?? 1) < 0.03 && (areas.max() ?? 0) > 0.19)
    #expect(abs(centers.row / count - 0.5) < 0.03)
    #expect(abs(centers.column / count - 0.5) < 0.03)
    // Uniform aspects from 0.3 to 3.3: seven tenths of them are above 1.2 (mean 0.7, deviation 0.012); rounding blurs that a little.
    let tall = rectangles.count { Double($0.rows) / Double($0.columns) > 1.2 }
    #expect(abs(Double(tall) / count - 0.7) < 0.08)
  }

  /// Combined, the changes equal the separate changes in the order flip, shift, erase: their streams do not affect each other.
  @Test func changesCompose() throws {
    let set = SampleImages.patterned(count: 300, height: 9, width: 11, channels: 2)
    let flipped = try Self.drawn(set, "flip", seed: 5, epoch: 2)
    let shifted = try Self.drawn(set, "shift=2", seed: 5, epoch: 2)
    let erased = try Self.drawn(set, "erase", seed: 5, epoch: 2)
    let all = try Self.drawn(set, "flip,shift=2,erase", seed: 5, epoch: 2)
    for (index, original) in Self.originals(set).enumerated() {
      var moves: [(Int, Int)] = []
      for down in -2...2 {
        for right in -2...2 where Self.moved(original, set.shape, down: down, right: right) == shifted[index] {
          moves.append((down, right))
        }
      }
      try #require(moves.count == 1)
      let moved = Self.moved(flipped[index], set.shape, down: moves[0].0, right: moves[0].1)
      // The patterned images contain no zero, so a zero means that the position was erased.
      let expected = zip(moved, erased[index]).map { value, mask in mask == 0 ? 0 : value }
      #expect(all[index] == expected, "image \(index)")
    }
  }

  /// On a 1 × 40 strip, tall rectangles never fit: a rectangle that cannot be placed is left out, and nothing is written outside.
  @Test func rectanglesThatDoNotFitAreDrawnAgainOrLeftOut() throws {
    let set = SampleImages.patterned(count: 400, height: 1, width: 40, channels: 1)
    for (result, original) in zip(try Self.drawn(set, "erase"), Self.originals(set)) {
      #expect(zip(result, original).allSatisfy { $0 == $1 || $0 == 0 })
      #expect(result.count { $0 == 0 } <= 8)
    }
  }
}
