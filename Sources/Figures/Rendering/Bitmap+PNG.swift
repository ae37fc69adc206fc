extension Bitmap {
  /// The picture as a PNG file, pixel by pixel; gray stays one channel.
  package func png() throws(FigureError) -> [UInt8] {
    if channels == 1 { return try CairoSurface.png(width: width, height: height, gray: pixels) }
    let surface = try CairoSurface(Size(Double(width), Double(height)), scale: 1)
    let all = Rectangle(0, 0, width: Double(width), height: Double(height))
    surface.paint(width: width, height: height, in: all) { color(column: $0, row: $1) }
    return try surface.png()
  }

  /// The picture in the colors of a theme, with 0 as the page and 255 as the ink.
  func inked(in theme: Theme) -> Bitmap {
    guard channels == 1 else { return self }
    return Bitmap(
      width: width, height: height, channels: 3,
      pixels: (0..<width * height).flatMap { place in
        let color = color(column: place % width, row: place / width, tone: .ink, theme: theme)
        return [color.red, color.green, color.blue]
      })
  }
}
