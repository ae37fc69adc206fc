import Photographs
import Testing

/// Pictures at sizes of other proportions, and with light and dark exchanged.
struct FittingTests {
  /// Four rows of eight pixels: the middle four columns are `inside`, the others `outside`.
  private func picture(inside: UInt8, outside: UInt8) -> Photograph {
    Photograph(
      width: 8, height: 4,
      pixels: (0..<32).flatMap { place -> [UInt8] in
        let shade = 2..<6 ~= place % 8 ? inside : outside
        return [shade, shade, shade, 255]
      })
  }

  private func shades(_ colors: [UInt8]) -> [UInt8] { stride(from: 0, to: colors.count, by: 3).map { colors[$0] } }

  @Test func aPictureIsStretchedCroppedOrPadded() {
    let wide = picture(inside: 10, outside: 200)
    func rows(_ fit: PictureFit) -> [UInt8] {
      shades(wide.fitted(height: 4, width: 4, fit: fit, inversion: .no))
    }
    #expect(rows(.stretch) == (0..<4).flatMap { _ in [200, 10, 10, 200] as [UInt8] })
    #expect(rows(.crop) == [UInt8](repeating: 10, count: 16))
    // The mean of the border: 8 of 20 pixels are dark.
    #expect(rows(.pad).prefix(4) == [124, 124, 124, 124])
    #expect(Array(rows(.pad)[4..<8]) == [200, 10, 10, 200])
    #expect(Array(rows(.pad)[12...]) == [124, 124, 124, 124])
    #expect(wide.fitted(height: 4, width: 8, fit: .crop, inversion: .no) == wide.opaque)
  }

  @Test func lightAndDarkAreExchangedAlwaysNeverOrWhereTheBorderIsLight() {
    let (ink, chalk) = (picture(inside: 10, outside: 250), picture(inside: 250, outside: 10))
    func first(_ picture: Photograph, _ inversion: PictureInversion) -> UInt8 {
      picture.fitted(height: 4, width: 8, fit: .stretch, inversion: inversion)[0]
    }
    #expect(first(ink, .no) == 250 && first(ink, .yes) == 5 && first(ink, .auto) == 5)
    #expect(first(chalk, .no) == 10 && first(chalk, .yes) == 245 && first(chalk, .auto) == 10)
  }
}
