import Datasets
import Randomness
import Testing

/// Changes that compute pixels, against the same formulas in Double with the same random numbers.
struct SampledAugmentationTests {
  private static let shapes = [(5, 5, 1), (4, 7, 3), (1, 1, 1), (1, 9, 2), (28, 28, 1), (32, 24, 3)]

  private static func generator(_ name: String, _ image: Int, seed: UInt64, epoch: Int) -> AddressedGenerator {
    RandomStream(seed: seed, name: "augmentation.\(name)").generator(epoch: epoch, index: image)
  }

  private static func uniform(
    _ name: String, _ image: Int, _ low: Double, _ high: Double, seed: UInt64 = 1, epoch: Int = 0
  ) -> Double {
    var generator = generator(name, image, seed: seed, epoch: epoch)
    return low + generator.unitDouble() * (high - low)
  }

  private static func references(_ set: ImageSet) -> [ReferenceChange] {
    (0..<set.count).map { ReferenceChange(set.pixels(at: $0).map { Int($0) }, set.shape) }
  }

  /// Flip, rotation, scale and shift compose to one map, sampled once.
  @Test(arguments: shapes)
  func geometryComposes(height: Int, width: Int, channels: Int) throws {
    let set = SampleImages.patterned(count: 40, height: height, width: width, channels: channels)
    let shift = min(height, width) > 2 ? 2 : 0
    let text = "flip,rotate=30,scale=1.5" + (shift > 0 ? ",shift=\(shift)" : "")
    let drawn = try DrawnSamples.images(set, text, seed: 7, epoch: 3)
    for (index, (result, original)) in zip(drawn, Self.references(set)).enumerated() {
      var coin = Self.generator("flip", index, seed: 7, epoch: 3)
      let isMirrored = coin.coin()
      let degrees = Self.uniform("rotate", index, -30, 30, seed: 7, epoch: 3)
      let scale = Self.uniform("scale", index, 1 / 1.5, 1.5, seed: 7, epoch: 3)
      var places = Self.generator("shift", index, seed: 7, epoch: 3)
      let (down, right) = (places.integer(below: 2 * shift + 1) - shift, places.integer(below: 2 * shift + 1) - shift)
      var expected = original
      expected.sample { x, y in
        let turned = ReferenceChange.rotated(
          (x - Double(right)) / scale, (y - Double(down)) / scale, degrees: degrees)
        return (isMirrored ? -turned.x : turned.x, turned.y)
      }
      #expect(expected.agrees(with: result), "image \(index)")
    }
  }

  /// A map that moves whole pixels gives the very pixels of the plain way.
  @Test(arguments: shapes)
  func wholePixelsAreExact(height: Int, width: Int, channels: Int) throws {
    let set = SampleImages.patterned(count: 60, height: height, width: width, channels: channels)
    let plain = min(height, width) > 1 ? "flip,shift=1,erase,cutout=1" : "flip,erase"
    // A magnitude of 0 leaves every image as it is; only its pixels are sampled.
    let sampled = try DrawnSamples.images(set, plain + ",randaugment=3:0", epoch: 2)
    #expect(try sampled == DrawnSamples.images(set, plain, epoch: 2))
  }

  @Test(arguments: [(5, 4, 1), (6, 5, 3), (1, 1, 1), (3, 3, 2)])
  func brightnessAndContrastAreFactors(height: Int, width: Int, channels: Int) throws {
    let set = SampleImages.patterned(count: 100, height: height, width: width, channels: channels)
    let bright = try DrawnSamples.images(set, "brightness=0.8")
    let both = try DrawnSamples.images(set, "contrast=1,brightness=0.8")
    var factors: [Double] = []
    for (index, original) in Self.references(set).enumerated() {
      var expected = original
      factors.append(Self.uniform("brightness", index, 0.2, 1.8))
      expected.brighten(factors[index])
      #expect(expected.agrees(with: bright[index]), "image \(index)")
      expected.contrast(Self.uniform("contrast", index, 0, 2))
      #expect(expected.agrees(with: both[index]), "image \(index)")
    }
    #expect((factors.min() ?? 1) < 0.3 && (factors.max() ?? 1) > 1.7)
  }

  @Test func saturationMovesColorsFromTheirGray() throws {
    let set = SampleImages.patterned(count: 100, height: 6, width: 5, channels: 3)
    let drawn = try DrawnSamples.images(set, "saturation=1")
    for (index, original) in Self.references(set).enumerated() {
      var expected = original
      expected.saturate(Self.uniform("saturation", index, 0, 2))
      #expect(expected.agrees(with: drawn[index]), "image \(index)")
    }
  }

  /// With one operation, each image is the result of an operation of the list, and all are equally frequent.
  @Test(arguments: [1, 3], [4, 10])
  func randAugmentDrawsFromItsList(channels: Int, magnitude: Int) throws {
    let set = SampleImages.patterned(count: 1100, height: 11, width: 13, channels: channels)
    let strength = Double(magnitude) / 10
    var operations: [(inout ReferenceChange, Double) -> Void] = [
      { _, _ in },
      { image, sign in image.sample { ReferenceChange.rotated($0, $1, degrees: 30 * sign * strength) } },
      { image, sign in image.sample { ($0 - 0.3 * sign * strength * $1, $1) } },
      { image, sign in image.sample { ($0, $1 - 0.3 * sign * strength * $0) } },
      { image, sign in image.sample { ($0 - 0.45 * 13 * sign * strength, $1) } },
      { image, sign in image.sample { ($0, $1 - 0.45 * 11 * sign * strength) } },
      { image, sign in image.brighten(1 + 0.9 * sign * strength) },
      { image, sign in image.contrast(1 + 0.9 * sign * strength) },
      { image, _ in image.posterize(bits: magnitude == 10 ? 4 : 6) },
      { image, _ in image.solarize(from: 256 - 25.6 * Double(magnitude)) },
    ]
    if channels == 3 { operations.append { image, sign in image.saturate(1 + 0.9 * sign * strength) } }
    var counts = [Int](repeating: 0, count: operations.count)
    var positive = 0
    let drawn = try DrawnSamples.images(set, "randaugment=1:\(magnitude)")
    for (result, original) in zip(drawn, Self.references(set)) {
      var matches: [(operation: Int, sign: Double)] = []
      for (index, operation) in operations.enumerated() {
        for sign in [1.0, -1] {
          var expected = original
          operation(&expected, sign)
          if expected.agrees(with: result) { matches.append((index, sign)) }
        }
      }
      let match = try #require(matches.first)
      #expect(matches.allSatisfy { $0.operation == match.operation })
      counts[match.operation] += 1
      if match.operation == 1, match.sign > 0 { positive += 1 }
    }
    // Each has a mean of 100 or 110 and a deviation of 10: five deviations. Half of the directions, deviation at most 5.5.
    for count in counts { #expect(abs(count - 1100 / operations.count) < 50, "\(counts)") }
    #expect(abs(positive - counts[1] / 2) < 28)
  }

  /// Several operations: geometry first, then the others, in the order of the draw.
  @Test func randAugmentMakesEveryOperation() throws {
    let set = SampleImages.patterned(count: 200, height: 9, width: 9, channels: 1)
    let drawn = try DrawnSamples.images(set, "randaugment=8:10")
    for (index, original) in Self.references(set).enumerated() {
      var generator = Self.generator("randaugment", index, seed: 1, epoch: 0)
      var maps: [(Double, Double) -> (x: Double, y: Double)] = []
      var tones: [(inout ReferenceChange) -> Void] = []
      for _ in 0..<8 {
        let kind = generator.integer(below: 10)
        let sign = generator.coin() ? 1.0 : -1
        switch kind {
        case 1: maps.append { ReferenceChange.rotated($0, $1, degrees: 30 * sign) }
        case 2: maps.append { ($0 - 0.3 * sign * $1, $1) }
        case 3: maps.append { ($0, $1 - 0.3 * sign * $0) }
        case 4: maps.append { ($0 - 4.05 * sign, $1) }
        case 5: maps.append { ($0, $1 - 4.05 * sign) }
        case 6: tones.append { $0.brighten(1 + 0.9 * sign) }
        case 7: tones.append { $0.contrast(1 + 0.9 * sign) }
        case 8: tones.append { $0.posterize(bits: 4) }
        case 9: tones.append { $0.solarize(from: 0) }
        default: break
        }
      }
      var expected = original
      expected.sample { x, y in maps.reversed().reduce((x: x, y: y)) { $1($0.x, $0.y) } }
      for tone in tones { tone(&expected) }
      // A posterized value may fall to either side of a step, and a brightness raises the difference.
      let near = zip(drawn[index], expected.values).count { abs(Double($0) - $1) < 1.5 }
      #expect(near >= 78, "image \(index): \(near) of 81")
    }
  }

  /// Everything at once keeps its bits: FNV-1a over the pixel values.
  @Test(arguments: [(0, 3_371_929_093_690_405_904), (3, 21_753_642_481_103_010)] as [(Int, UInt64)])
  func sampledImagesNeverChange(epoch: Int, expected: UInt64) throws {
    let set = SampleImages.patterned(count: 8, height: 10, width: 12, channels: 3)
    let drawn = try DrawnSamples.images(
      set,
      "flip=alternate,rotate=20,scale=1.25,shift=2,randaugment=2:9,brightness=0.3,contrast=0.3,saturation=0.3,erase=1:0.4,cutout=4",
      seed: 9, epoch: epoch)
    let hash = drawn.joined().reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
    #expect(hash == expected, "\(String(hash, radix: 16))")
  }
}
