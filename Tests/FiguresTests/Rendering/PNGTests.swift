import Figures
import Photographs
import Testing

/// Drawings, read back from the bytes of a PNG file by a different library from the one that wrote it.
struct PNGTests {
  @Test(arguments: [Theme.light, .dark], [1.0, 2.0])
  func everyChartHasItsSizeAndItsColors(theme: Theme, scale: Double) throws {
    for (name, chart) in SampleCharts.all {
      let drawing = try Panels("A figure", charts: [chart]).drawing()
      let picture = try Photograph(decoding: drawing.png(theme, scale: scale))
      #expect(Double(picture.width) == drawing.size.width * scale, "\(name)")
      #expect(Double(picture.height) == drawing.size.height * scale, "\(name)")
      let corners = [(0, 0), (picture.width - 1, 0), (0, picture.height - 1), (picture.width - 1, picture.height - 1)]
      for (x, y) in corners { #expect(picture.color(x, y) == theme.color(.background), "\(name) at \(x), \(y)") }
      let colors = picture.colors
      for ink in Self.inks(of: name) { #expect(colors.contains(theme.color(ink)), "\(name): \(ink)") }
    }
  }

  /// Inks that cover at least one whole pixel of a sample.
  private static func inks(of name: String) -> [Ink] {
    switch name {
    case "curves": [.series(0), .series(1), .series(2), .series(3), .text]
    case "matrix": [.ramp(0.9), .ramp(0.012), .text]
    case "bars": [.series(0), .series(1)]
    case "histogram": [.series(1)]
    case "scatter": [.text]
    case "reliability": [.series(1)]
    default: [.text]
    }
  }

  @Test func picturesOfInkFollowTheTheme() throws {
    let white = Bitmap(width: 1, height: 1, pixels: [255])
    for theme in [Theme.light, .dark] {
      let drawing = try Panels("", charts: [ImageGrid("", tiles: [.init(white)], columns: 1)]).drawing()
      let picture = try Photograph(decoding: drawing.png(theme, scale: 1))
      #expect(picture.color(62, picture.height / 2) == theme.color(.text))
      let plain = try Panels("", charts: [ImageGrid("", tiles: [.init(white)], columns: 1, tone: .plain)]).drawing()
      let same = try Photograph(decoding: plain.png(theme, scale: 1))
      #expect(same.color(62, same.height / 2) == Color(0xFFFFFF))
    }
  }

  @Test func bitmapsComeBackPixelByPixel() throws {
    let gray = Bitmap(width: 5, height: 3, pixels: (0..<15).map { UInt8($0 * 17) })
    let color = Bitmap(width: 3, height: 2, channels: 3, pixels: (0..<18).map { UInt8($0 * 13) })
    for bitmap in [gray, color] {
      let picture = try Photograph(decoding: bitmap.png())
      #expect(picture.width == bitmap.width && picture.height == bitmap.height)
      for row in 0..<bitmap.height {
        for column in 0..<bitmap.width {
          #expect(picture.color(column, row) == bitmap.color(column: column, row: row))
        }
      }
    }
    // Byte 25 of a PNG file is its color type; 0 is gray.
    #expect(try gray.png()[25] == 0)
  }

  @Test func numbersBecomeShades() {
    #expect(Bitmap(width: 3, height: 1, values: [-1, 0, 1]).pixels == [0, 128, 255])
    #expect(Bitmap(width: 2, height: 1, values: [4, 4]).pixels == [128, 128])
    #expect(Bitmap(width: 3, height: 1, values: [.nan, 5, -5], range: 0...1).pixels == [0, 255, 0])
  }

  @Test func whatIsTooLargeIsRefusedBeforeItIsMade() throws {
    let rows = (0..<2000).map { _ in ImageGrid.Row(tiles: [.init(SampleCharts.disk())]) }
    let drawing = try Panels("", charts: [ImageGrid("", rows: rows)]).drawing()
    let error = #expect(throws: FigureError.self) { try drawing.png(.light) }
    #expect(
      error?.description.contains("pixels is more than 32767 on a side or 100000000 in all; show fewer images") == true)
    #expect(try drawing.svg(.fixed(.light)).contains("<image"))
  }
}

extension Photograph {
  /// The color of a pixel.
  func color(_ x: Int, _ y: Int) -> Color {
    let first = (y * width + x) * 4
    return Color(red: pixels[first], green: pixels[first + 1], blue: pixels[first + 2])
  }

  /// All colors that occur.
  var colors: Set<Color> {
    Set((0..<width * height).map { color($0 % width, $0 / width) })
  }
}
