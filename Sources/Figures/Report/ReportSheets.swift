internal import Support

/// Small images combined into sheets of up to a thousand, within a budget of bytes.
struct ReportSheets {
  /// Images in a row of a sheet.
  static let columns = 40
  /// The largest number of images on a sheet.
  private static let largestCapacity = 1000
  /// The largest number of values on a sheet, so that sheets of large color images use the budget in small steps.
  private static let largestSheet = 1_500_000
  /// The width of an image on the page, in CSS pixels.
  static let shownWidth = 56

  /// The number of images on the sheets.
  private(set) var count = 0
  /// Images on a sheet: whole rows.
  let capacity: Int
  /// Whether the images are amounts of ink, which a dark page inverts.
  let isInk: Bool
  /// The height of an image on the page, in CSS pixels.
  let shownHeight: Int
  /// The style sheet that contains them; `e0` is the class of the first sheet.
  private(set) var styleElement: String

  /// The approximate number of bytes of an answer's numbers.
  private static let numbers = 30

  /// Draws sheets until they contain all images or the budget is used up. The first sheet is always drawn.
  ///
  /// - Parameters:
  ///   - places: The indices of the images, in order; at least one.
  ///   - image: The image at an index. All have the same size.
  init(_ places: [Int], image: (Int) -> Bitmap, budget: Int) throws(FigureError) {
    let first = image(places[0]).reduced(toFit: Self.shownWidth)
    isInk = first.channels == 1
    let rows = min(Self.largestCapacity, Self.largestSheet / first.pixels.count) / Self.columns
    let capacity = max(1, rows) * Self.columns
    self.capacity = capacity
    shownHeight = max(1, Self.shownWidth * first.height / first.width)
    styleElement =
      "<style>.e{width:\(Self.shownWidth)px;height:\(shownHeight)px;background-size:\(Self.shownWidth * Self.columns)px auto}"
    for start in stride(from: 0, to: places.count, by: capacity) {
      let part = places[start..<min(start + capacity, places.count)]
      let text = Base64.text(try Self.sheet(part, size: first, image: image).png())
      let size = styleElement.utf8.count + text.utf8.count + (count + part.count) * Self.numbers
      if count > 0, size > budget { break }
      styleElement += ".e\(start / capacity){background-image:url(data:image/png;base64,\(text))}"
      count += part.count
    }
    styleElement += "</style>\n"
  }

  /// A sheet of images in rows, with fewer shades than the images: more cannot be distinguished at this size, and would
  /// make the page half as large again.
  private static func sheet(_ places: ArraySlice<Int>, size: Bitmap, image: (Int) -> Bitmap) -> Bitmap {
    let rows = (places.count + columns - 1) / columns
    let rowLength = size.width * size.channels
    let sheetLength = columns * rowLength
    let (shift, largest) = size.channels == 1 ? (2, 63) : (3, 31)
    var sheet = [UInt8](repeating: 0, count: sheetLength * rows * size.height)
    for (slot, place) in places.enumerated() {
      let pixels = image(place).reduced(toFit: shownWidth).pixels
      require(
        pixels.count == rowLength * size.height, "ReportExplorer: image \(place) differs in size from the first one")
      let start = slot / columns * size.height * sheetLength + slot % columns * rowLength
      for row in 0..<size.height {
        for column in 0..<rowLength {
          sheet[start + row * sheetLength + column] =
            UInt8(Int(pixels[row * rowLength + column] >> shift) * 255 / largest)
        }
      }
    }
    return Bitmap(
      width: columns * size.width, height: rows * size.height, channels: size.channels, pixels: sheet)
  }
}
