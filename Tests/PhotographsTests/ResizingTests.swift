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
}
