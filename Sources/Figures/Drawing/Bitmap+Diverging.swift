/// The colors of numbers around zero: blue below, white at zero, red above.
///
/// Both ends have the same luminance, so that a number and its negative look equally strong; people with any kind of color blindness
/// can distinguish them.
package enum DivergingScale {
  /// The most negative number.
  package static let negative = Color(0x2166AC)
  /// Zero, and NaN.
  package static let zero = Color(0xFFFFFF)
  /// The largest number.
  package static let positive = Color(0xB9312F)

  /// The color of a number; numbers beyond the largest magnitude have the colors of the ends.
  package static func color(_ value: Float, largest: Float) -> Color {
    guard largest > 0, !value.isNaN else { return zero }
    return zero.mixed(with: value < 0 ? negative : positive, share: Double((value / largest).magnitude))
  }
}

extension Bitmap {
  /// Makes a picture in color of numbers around zero.
  ///
  /// - Parameters:
  ///   - values: `[height][width]`.
  ///   - largest: The magnitude that the ends of the scale stand for.
  package init(width: Int, height: Int, diverging values: some Collection<Float>, largest: Float) {
    self.init(
      width: width, height: height, channels: 3,
      pixels: values.flatMap { value in
        let color = DivergingScale.color(value, largest: largest)
        return [color.red, color.green, color.blue]
      })
  }
}
