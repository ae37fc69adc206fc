import Photographs
import Testing

/// Pictures at another size.
struct ResizingTests {
  /// An opaque gray picture of these shades.
  private func picture(_ width: Int, _ height: Int, _ shades: [UInt8]) -> Photograph {
    Photograph(width: width, height: height, pixels: shades.flatMap { [$0, $0, $0, 255] })
  }

  /// The red values, which are the shades of a gray picture.
  private func shades(_ pixels: [UInt8]) -> [UInt8] { stride(from: 0, to: pixels.count, by: 3).map { pixels[$0] } }

  @Test func theSameSizeChangesNothing() {
    let colors: [UInt8] = [1, 2, 3, 255, 4, 5, 6, 255]
    #expect(Photograph(width: 2, height: 1, pixels: colors).resized(height: 1, width: 2) == [1, 2, 3, 4, 5, 6])
  }

  @Test func whiteShinesThrough() {
    let picture = Photograph(width: 3, height: 1, pixels: [10, 20, 30, 0, 0, 100, 200, 51, 9, 9, 9, 255])
    // A fifth of the color, four fifths of white.
    #expect(picture.opaque == [255, 255, 255, 204, 224, 244, 9, 9, 9])
  }

  @Test func shrinkingTakesMeans() {
    #expect(shades(picture(4, 2, [0, 10, 100, 200, 20, 30, 100, 0]).resized(height: 1, width: 2)) == [15, 100])
    // Each new pixel covers one and a half old ones.
    #expect(shades(picture(3, 1, [0, 90, 240]).resized(height: 1, width: 2)) == [30, 190])
    #expect(shades(picture(1, 5, [0, 100, 50, 200, 250]).resized(height: 2, width: 1)) == [50, 190])
  }

  @Test func growingIsLinearBetweenCenters() {
    #expect(shades(picture(2, 1, [0, 100]).resized(height: 1, width: 4)) == [0, 25, 75, 100])
    #expect(shades(picture(1, 2, [0, 100]).resized(height: 4, width: 2)) == [0, 0, 25, 25, 75, 75, 100, 100])
    // An odd factor keeps the old pixels where they are.
    #expect(shades(picture(2, 1, [0, 90]).resized(height: 1, width: 6)) == [0, 0, 30, 60, 90, 90])
  }

  @Test(arguments: [(1, 1), (7, 3), (40, 2), (5, 90)])
  func aFlatPictureStaysFlat(width: Int, height: Int) {
    let flat = picture(13, 11, [UInt8](repeating: 137, count: 143)).resized(height: height, width: width)
    #expect(flat.count == width * height * 3 && flat.allSatisfy { $0 == 137 })
  }

  /// The fast loops give the bits of plain ones, which sum in the same order.
  @Test(arguments: [
    (1, 1, 5, 7), (320, 240, 224, 224), (13, 11, 13, 4), (13, 11, 29, 11), (7, 5, 3, 50), (100, 3, 1, 1),
    (31, 64, 64, 31),
  ])
  func resizingGivesTheBitsOfPlainLoops(width: Int, height: Int, newWidth: Int, newHeight: Int) {
    var state: UInt64 = 1
    let pixels = (0..<width * height * 4).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    let picture = Photograph(width: width, height: height, pixels: pixels)
    let colors = picture.opaque
    #expect(
      colors
        == stride(from: 0, to: pixels.count, by: 4).flatMap { first in
          let opacity = Int(pixels[first + 3])
          return (0..<3).map { UInt8((Int(pixels[first + $0]) * opacity + 255 * (255 - opacity) + 127) / 255) }
        })
    let rows = (0..<height * newWidth * 3).map { index -> Float in
      let (row, column, channel) = (index / (newWidth * 3), index / 3 % newWidth, index % 3)
      return Self.taps(column, from: width, to: newWidth).reduce(0 as Float) { sum, tap in
        sum + tap.weight * Float(colors[(row * width + tap.pixel) * 3 + channel])
      }
    }
    let expected = (0..<newHeight * newWidth * 3).map { index -> UInt8 in
      let (row, place) = (index / (newWidth * 3), index % (newWidth * 3))
      let sum = Self.taps(row, from: height, to: newHeight).reduce(0 as Float) { sum, tap in
        sum + tap.weight * rows[tap.pixel * newWidth * 3 + place]
      }
      return UInt8(min(255, max(0, sum.rounded())))
    }
    if width == newWidth, height == newHeight { return }
    #expect(picture.resized(height: newHeight, width: newWidth) == expected)
  }

  /// The old pixels under a new one, and their weights.
  private static func taps(_ index: Int, from old: Int, to new: Int) -> [(pixel: Int, weight: Float)] {
    if old >= new {
      let (start, end) = (index * old, (index + 1) * old)
      return (start / new...(end - 1) / new).map { pixel in
        (pixel, Float(min(end, (pixel + 1) * new) - max(start, pixel * new)) / Float(old))
      }
    }
    let center = (Double(index) + 0.5) * Double(old) / Double(new) - 0.5
    let first = Int(center.rounded(.down))
    let share = Float(center - Double(first))
    if first < 0 { return [(0, 1)] }
    if first + 1 >= old || share == 0 { return [(min(first, old - 1), 1)] }
    return [(first, 1 - share), (first + 1, share)]
  }
}
