/// An opaque sRGB color with 8 bits per channel.
package struct Color: Hashable, Sendable {
  /// Red, 0…255.
  package let red: UInt8
  /// Green, 0…255.
  package let green: UInt8
  /// Blue, 0…255.
  package let blue: UInt8

  /// Makes a color from its channels.
  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Makes a color from a number such as `0x0B62A8`: red, green, blue.
  package init(_ hexadecimal: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hexadecimal >> 16), green: UInt8(truncatingIfNeeded: hexadecimal >> 8),
      blue: UInt8(truncatingIfNeeded: hexadecimal))
  }

  /// The color as SVG and CSS write it: `#0b62a8`.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    return [red, green, blue].reduce(into: "#") { text, channel in
      text.append(digits[Int(channel >> 4)])
      text.append(digits[Int(channel & 15)])
    }
  }

  /// A color between this one (share 0) and another (share 1), channel by channel.
  package func mixed(with other: Color, share: Double) -> Color {
    func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
      UInt8((Double(from) + (Double(to) - Double(from)) * min(1, max(0, share))).rounded())
    }
    return Color(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }

  /// The relative luminance of the Web Content Accessibility Guidelines 2.1, 0 (black) to 1 (white).
  package var luminance: Double {
    // The sRGB curve x ↦ ((x + 0.055) / 1.055)^2.4, with the power as a cubic that is exact to 0.001.
    func linear(_ channel: UInt8) -> Double {
      let x = Double(channel) / 255
      return x <= 0.04045 ? x / 12.92 : x * (x * (x * 0.305306011 + 0.682171111) + 0.012522878)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The contrast ratio with another color by the same guidelines, 1 (none) to 21 (black on white).
  package func contrast(with other: Color) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }
}
