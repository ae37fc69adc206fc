internal import Support

extension Bitmap {
  /// The share of a picture that the strongest number covers.
  private static let strongest = 0.75

  /// The picture in gray, with a map of numbers over it: red above zero, blue below, the stronger the less of the picture remains.
  ///
  /// A gray picture is drawn as ink on white paper, as everywhere in figures.
  ///
  /// - Parameters:
  ///   - values: One number for each pixel, `[height][width]`.
  ///   - largest: The magnitude of the strongest color; 0 for a map that covers nothing.
  package func overlaid(with values: [Float], largest: Float) -> Bitmap {
    require(values.count == width * height, "Bitmap: \(values.count) numbers for \(width) × \(height) pixels")
    var result: [UInt8] = []
    result.reserveCapacity(3 * values.count)
    for (pixel, value) in values.enumerated() {
      let gray: Int =
        if channels == 1 {
          255 - Int(pixels[pixel])
        } else {
          // The weights of Rec. 601, in 256ths.
          (77 * Int(pixels[3 * pixel]) + 150 * Int(pixels[3 * pixel + 1]) + 29 * Int(pixels[3 * pixel + 2]) + 128) / 256
        }
      let share = largest > 0 && !value.isNaN ? min(1, Double((value / largest).magnitude)) : 0
      // The lighter three quarters of the range, so that red and blue are visible on black too.
      let ground = UInt8(64 + gray * 3 / 4)
      let color = Color(red: ground, green: ground, blue: ground).mixed(
        with: value < 0 ? DivergingScale.negative : DivergingScale.positive, share: Self.strongest * share)
      result += [color.red, color.green, color.blue]
    }
    return Bitmap(width: width, height: height, channels: 3, pixels: result)
  }
}
