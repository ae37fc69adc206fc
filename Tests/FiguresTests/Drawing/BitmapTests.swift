import Figures
import Testing

/// Pictures of numbers around zero, and reduced pictures.
struct BitmapTests {
  @Test func zeroIsWhiteAndTheEndsAreRedAndBlue() {
    let picture = Bitmap(width: 5, height: 1, diverging: [-2, -1, 0, 1, 4], largest: 2)
    let colors = (0..<5).map { picture.color(column: $0, row: 0) }
    #expect(colors[2] == Color(0xFFFFFF))
    #expect(colors[0] == DivergingScale.negative && colors[4] == DivergingScale.positive)
    #expect(colors[0].blue > colors[0].red && colors[4].red > colors[4].blue)
    // Halfway to the ends.
    #expect(colors[1] == Color(0xFFFFFF).mixed(with: DivergingScale.negative, share: 0.5))
    #expect(colors[3] == Color(0xFFFFFF).mixed(with: DivergingScale.positive, share: 0.5))
  }

  @Test func numbersAndTheirNegativesAreEquallyStrong() {
    for step in 1...10 {
      let value = Float(step) / 10
      let (blue, red) = (DivergingScale.color(-value, largest: 1), DivergingScale.color(value, largest: 1))
      #expect((blue.luminance - red.luminance).magnitude < 0.08, "\(value)")
      for vision in ColorVision.allCases where step >= 5 {
        #expect(ColorVision.distance(vision.lab(blue), vision.lab(red)) >= 12, "\(vision): \(value)")
      }
    }
  }

  @Test func oddNumbersAreWhite() {
    #expect(DivergingScale.color(.nan, largest: 1) == DivergingScale.zero)
    #expect(DivergingScale.color(1, largest: 0) == DivergingScale.zero)
    #expect(DivergingScale.color(.infinity, largest: 1) == DivergingScale.positive)
  }

  @Test func mapsCoverPicturesMoreTheStrongerTheyAre() {
    // Ink on paper: 0 is white, 255 black.
    let picture = Bitmap(width: 4, height: 1, pixels: [0, 0, 0, 255])
    let covered = picture.overlaid(with: [0, 2, -2, 1], largest: 2)
    let colors = (0..<4).map { covered.color(column: $0, row: 0) }
    #expect(colors[0] == Color(red: 255, green: 255, blue: 255))
    #expect(colors[1] == Color(0xFFFFFF).mixed(with: DivergingScale.positive, share: 0.75))
    #expect(colors[2] == Color(0xFFFFFF).mixed(with: DivergingScale.negative, share: 0.75))
    #expect(colors[3] == Color(red: 64, green: 64, blue: 64).mixed(with: DivergingScale.positive, share: 0.375))
    // Nothing covers a picture if there is nothing to show, or no number.
    for (values, largest) in [([0, 0, 0, 0], 0), ([Float.nan, 0, 0, 0], 1)] as [([Float], Float)] {
      let plain = picture.overlaid(with: values, largest: largest)
      #expect(plain.color(column: 0, row: 0) == Color(0xFFFFFF) && plain.color(column: 3, row: 0).red == 64)
    }
    // Of a picture in color the luminance remains: of green more than of blue.
    let color = Bitmap(width: 2, height: 1, channels: 3, pixels: [0, 255, 0, 0, 0, 255])
    let gray = color.overlaid(with: [0, 0], largest: 1)
    #expect(gray.color(column: 0, row: 0).red > gray.color(column: 1, row: 0).red)
  }

  @Test func reducedPicturesHaveTheMeans() {
    let picture = Bitmap(width: 4, height: 2, pixels: [0, 2, 10, 20, 4, 6, 30, 40])
    let small = picture.reduced(toFit: 2)
    #expect(small == Bitmap(width: 2, height: 1, pixels: [3, 25]))
    #expect(picture.reduced(toFit: 4) == picture)
    let colors = Bitmap(width: 2, height: 2, channels: 3, pixels: [0, 9, 50, 2, 9, 50, 4, 9, 50, 6, 9, 50])
    #expect(colors.reduced(toFit: 1) == Bitmap(width: 1, height: 1, channels: 3, pixels: [3, 9, 50]))
    // Sizes that do not divide, and very long pictures.
    for (width, height) in [(100, 37), (7, 1000), (1, 300), (57, 56)] {
      let picture = Bitmap(width: width, height: height, pixels: Array(repeating: 77, count: width * height))
      let small = picture.reduced(toFit: 56)
      #expect(max(small.width, small.height) == 56)
      #expect(small.pixels.allSatisfy { $0 == 77 })
    }
  }
}
