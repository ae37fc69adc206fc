import Photographs
import Testing

/// The data set's own preparation.
struct PreparingTests {
  /// A picture whose pixels are `color(x, y)`, red, green, blue and opacity.
  private func picture(_ width: Int, _ height: Int, _ color: (Int, Int) -> [UInt8]) -> Photograph {
    Photograph(
      width: width, height: height, pixels: (0..<width * height).flatMap { color($0 % width, $0 / width) })
  }

  @Test func aPhotographBecomesWhatImageMagickMakesOfIt() throws {
    let prepared = try Fixtures.picture("object.png").prepared(width: 28, height: 28)
    let reference = try Fixtures.picture("prepared.png")
    let expected = stride(from: 0, to: reference.pixels.count, by: 4).map { Int(reference.pixels[$0]) }
    let differences = zip(prepared, expected).map { abs(Int($0) - $1) }
    // Implementations round differently; an extra row or column would be off by a hundred.
    #expect(differences.max() ?? 0 <= 4, "\(differences.max() ?? 0)")
    #expect(prepared.count { $0 == 0 } > 200 && prepared.contains { $0 > 200 })
  }

  @Test func theObjectIsTrimmedAndCentered() throws {
    let gray: [UInt8] = [100, 100, 100, 255]
    // 40 × 20 pixels somewhere on white: they become 28 × 14 in the middle.
    let small = try picture(90, 70) { x, y in 30..<70 ~= x && 5..<25 ~= y ? gray : [255, 255, 255, 255] }
      .prepared(width: 28, height: 28)
    for row in 0..<28 {
      for column in 0..<28 { #expect(small[row * 28 + column] == (7..<21 ~= row ? 155 : 0), "\(row) \(column)") }
    }
    // An upright one, and one smaller than the target.
    let upright = try picture(9, 9) { x, y in 4..<6 ~= x && 1..<9 ~= y ? gray : [255, 255, 255, 255] }
      .prepared(width: 28, height: 28)
    #expect((0..<28).map { upright[14 * 28 + $0] > 0 }.count { $0 } == 7)
    #expect((0..<28).allSatisfy { upright[$0 * 28 + 14] > 0 })
  }

  @Test func whatIsLightIsNegatedAndWhatIsDarkIsNot() throws {
    let light = try picture(30, 30) { x, _ in x < 10 || x >= 20 ? [250, 250, 250, 255] : [0, 0, 0, 255] }
      .prepared(width: 28, height: 28)
    let dark = try picture(30, 30) { x, _ in x < 10 || x >= 20 ? [5, 5, 5, 255] : [255, 255, 255, 255] }
      .prepared(width: 28, height: 28)
    #expect(light == dark)
    #expect(light[14 * 28 + 14] == 255 && light[14 * 28] == 0)
  }

  @Test func aTransparentGroundIsTrimmedByItsTransparency() throws {
    // A white shirt without a background: judged by its colors alone, it would vanish.
    let shirt = try picture(50, 50) { x, y in
      20..<30 ~= x && 20..<30 ~= y ? (x == 25 ? [0, 0, 0, 255] : [255, 255, 255, 255]) : [255, 255, 255, 0]
    }.prepared(width: 28, height: 28)
    #expect(shirt[14 * 28 + 15] > 200)
    #expect(shirt[14 * 28 + 3] == 0)
  }

  @Test func aGroundOfSlightlyDifferentShadesIsOne() throws {
    // Each corner has a different shade; differences of up to 5 % count as equal.
    let prepared = try picture(40, 40) { x, y in
      if 10..<20 ~= x && 10..<20 ~= y { return [0, 0, 0, 255] }
      let shade = UInt8(225 + x / 2 + (x * 7 + y * 3) % 9)
      return [shade, shade, shade, 255]
    }.prepared(width: 28, height: 28)
    #expect(prepared.allSatisfy { $0 == 255 })
  }

  /// Noise of ±6 on off-white, typical of scanners and cameras, and single pixels that are far off.
  @Test func noiseOnTheGroundIsNoObject() throws {
    func noisy(_ amplitude: Int, speckles: Bool) throws -> (pixels: [UInt8], isBusy: Bool) {
      var state: UInt32 = 7
      func random(_ count: Int) -> Int {
        state = state &* 1_664_525 &+ 1_013_904_223
        return Int(state >> 16) % count
      }
      return try picture(120, 100) { x, y in
        if 40..<80 ~= x && 20..<60 ~= y { return [30, 30, 30, 255] }
        if speckles, x % 37 == 3, y % 41 == 5 { return [120, 120, 120, 255] }
        let shade = UInt8(max(0, min(255, 240 + random(2 * amplitude + 1) - amplitude)))
        return [shade, shade, shade, 255]
      }.preparedOnGround(width: 28, height: 28)
    }
    for (amplitude, speckles) in [(6, false), (10, false), (6, true)] {
      let (pixels, isBusy) = try noisy(amplitude, speckles: speckles)
      // The object alone fills the image.
      #expect(pixels.allSatisfy { $0 == 225 }, "\(amplitude)")
      #expect(!isBusy)
    }
    #expect(try noisy(60, speckles: false).isBusy)
  }

  @Test func aGroundOfManyColorsIsBusy() throws {
    let stripes = try picture(100, 100) { x, y in
      30..<70 ~= x && 30..<70 ~= y ? [20, 20, 20, 255] : x / 10 % 2 == 0 ? [180, 130, 80, 255] : [240, 210, 170, 255]
    }.preparedOnGround(width: 28, height: 28)
    let even = try picture(100, 100) { x, y in
      30..<70 ~= x && 30..<70 ~= y ? [20, 20, 20, 255] : [240, 210, 170, 255]
    }.preparedOnGround(width: 28, height: 28)
    #expect(!even.isBusy)
    let wood = try picture(100, 100) { x, y in
      30..<70 ~= x && 30..<70 ~= y
        ? [20, 20, 20, 255] : [UInt8(150 + 80 * ((x * 3 + y) / 7 % 2)), UInt8(100 + 40 * (y / 9 % 3)), 60, 255]
    }.preparedOnGround(width: 28, height: 28)
    #expect(wood.isBusy || stripes.isBusy)
  }

  @Test func nothingIsNoObject() {
    #expect(throws: PhotographError.blank) {
      try picture(20, 20) { _, _ in [200, 200, 200, 255] }.prepared(width: 28, height: 28)
    }
    #expect(throws: PhotographError.blank) {
      try picture(20, 20) { _, _ in [0, 0, 0, 0] }.prepared(width: 28, height: 28)
    }
  }

  @Test func sharpeningKeepsFlatPartsAndStressesEdges() throws {
    let prepared = try picture(56, 56) { x, y in
      x == 0 || y == 0 || x == 55 || y == 55
        ? [255, 255, 255, 255] : x < 28 ? [140, 140, 140, 255] : [80, 80, 80, 255]
    }.prepared(width: 28, height: 28)
    let row = Array(prepared[14 * 28..<15 * 28])
    #expect(row[5] == 115 && row[22] == 175)
    #expect((row.prefix(15).min() ?? 0) < 115 && (row.suffix(15).max() ?? 0) > 175)
  }
}
