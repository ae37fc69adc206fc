import Datasets
import Testing

struct AugmentationTests {
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
    for (result, original) in zip(try DrawnSamples.images(set, "flip"), Self.originals(set)) {
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
    for (result, original) in zip(try DrawnSamples.images(set, "shift=2"), Self.originals(set)) {
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
    for (result, original) in zip(try DrawnSamples.images(set, "erase"), Self.originals(set)) where result != original {
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
    let flipped = try DrawnSamples.images(set, "flip", seed: 5, epoch: 2)
    let shifted = try DrawnSamples.images(set, "shift=2", seed: 5, epoch: 2)
    let erased = try DrawnSamples.images(set, "erase", seed: 5, epoch: 2)
    let all = try DrawnSamples.images(set, "flip,shift=2,erase", seed: 5, epoch: 2)
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
    for (result, original) in zip(try DrawnSamples.images(set, "erase"), Self.originals(set)) {
      #expect(zip(result, original).allSatisfy { $0 == $1 || $0 == 0 })
      #expect(result.count { $0 == 0 } <= 8)
    }
  }

  /// Two successive epochs show both forms of every image, and half of the images begin mirrored.
  @Test(arguments: [(5, 5, 1), (4, 7, 3), (1, 2, 1)])
  func alternatingFlipsShowBothForms(height: Int, width: Int, channels: Int) throws {
    let set = SampleImages.patterned(count: 1000, height: height, width: width, channels: channels)
    let epochs = try (0..<4).map { try DrawnSamples.images(set, "flip=alternate", epoch: $0) }
    // The coin of epoch 0 is that of the plain flip.
    #expect(try epochs[0] == DrawnSamples.images(set, "flip"))
    #expect(epochs[2] == epochs[0] && epochs[3] == epochs[1])
    for (index, original) in Self.originals(set).enumerated() {
      #expect(Set([epochs[0][index], epochs[1][index]]) == Set([original, Self.mirrored(original, set.shape)]))
    }
  }

  @Test(arguments: [(28, 28, 1, 8), (9, 12, 3, 5), (6, 5, 2, 1), (2, 2, 1, 1)])
  func cutoutBlanksASquareAroundARandomPixel(height: Int, width: Int, channels: Int, side: Int) throws {
    let set = SampleImages.patterned(count: 4000, height: height, width: width, channels: channels)
    var centers = [Int](repeating: 0, count: height * width)
    for (result, original) in zip(try DrawnSamples.images(set, "cutout=\(side)"), Self.originals(set)) {
      var matches: [Int] = []
      for center in 0..<height * width {
        let (top, left) = (center / width - side / 2, center % width - side / 2)
        let expected = Self.image(set.shape) { row, column, channel in
          let isInside = row >= top && row < top + side && column >= left && column < left + side
          return isInside ? nil : original[(row * width + column) * channels + channel]
        }
        if expected == result { matches.append(center) }
      }
      centers[try #require(matches.count == 1 ? matches.first : nil)] += 1
    }
    // Every pixel is the center equally often: the mean place is the middle; deviations are 0.29 / √4000 of the side.
    func mean(_ place: (Int) -> Int) -> Double {
      centers.enumerated().reduce(0) { $0 + Double(place($1.offset) * $1.element) } / 4000
    }
    #expect(abs(mean { $0 / width } - Double(height - 1) / 2) < 0.025 * Double(height))
    #expect(abs(mean { $0 % width } - Double(width - 1) / 2) < 0.025 * Double(width))
    #expect(centers[0] > 0 && centers[height * width - 1] > 0)
  }

  @Test func erasingHasAProbabilityAndALargestArea() throws {
    let set = SampleImages.patterned(count: 2000, height: 20, width: 20, channels: 1)
    let blanks = try DrawnSamples.images(set, "erase=1:0.6").map { $0.count { $0 == 0 } }
    // Rounded sides of at most 20 pixels enlarge an area by less than 20 pixels.
    #expect(blanks.allSatisfy { $0 > 0 && $0 < 260 } && blanks.contains { $0 > 200 })
    let rare = try DrawnSamples.images(set, "erase=0.1")
    let erased = rare.count { $0.contains(0) }
    // Mean 200, deviation 13.4; five deviations.
    #expect(abs(erased - 200) < 67)
    // The area of 20 % is that of "erase", with other probabilities of the same draws.
    let plain = try DrawnSamples.images(set, "erase")
    for (index, image) in rare.enumerated() where image.contains(0) { #expect(image == plain[index]) }
  }
}
