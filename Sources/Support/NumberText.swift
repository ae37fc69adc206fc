/// Formats numbers for people.
package enum NumberText {
  /// A number with a fixed count of decimals, rounded half away from zero: `0.9150`.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    // Beyond the integers that a Double represents exactly, decimals are meaningless.
    guard scaled < 9e15 else { return value.description }
    let digits = String(Int(scaled))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    if decimals == 0 { return sign + digits }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// A number rounded to an integer, in groups of three: `9,812`. A number out of range becomes the nearest `Int`.
  package static func whole(_ value: Double) -> String { grouped(Int(nearest: value)) }

  /// A whole number in groups of three: `93,322`.
  package static func grouped(_ value: Int) -> String {
    (value < 0 ? "-" : "") + grouped(digits: String(value.magnitude))
  }

  /// Digits in groups of three, counted from the end.
  package static func grouped(digits: String) -> String {
    let digits = Array(digits)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return result
  }

  /// A fraction in percent: `91.5 %`. A fraction below 1 is never rounded up to 100 %.
  package static func percent(_ share: Double, decimals: Int = 2) -> String {
    self.share(share, of: 100, decimals: decimals) + " %"
  }

  /// A fraction such as a probability: `0.9151`. A fraction below 1 is never rounded up to 1.
  package static func share(_ share: Double, of whole: Double = 1, decimals: Int) -> String {
    let text = fixed(share * whole, decimals: decimals)
    guard share < 1, let rounded = Double(text), rounded >= whole else { return text }
    let step = (0..<decimals).reduce(1.0) { unit, _ in unit / 10 }
    return fixed(whole - step, decimals: decimals)
  }

  /// A duration: `8.1 s`, `2:05`, `1:02:05`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    if seconds < 59.95 { return fixed(seconds, decimals: 1) + " s" }
    return clock(Int(seconds.rounded()))
  }

  /// Whole seconds as a clock shows them: `0:07`, `2:05`, `1:02:05`.
  package static func clock(_ seconds: Int) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
    if hours == 0 { return "\(minutes):\(twoDigits(rest))" }
    return "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))"
  }

  /// A count of bytes: `512 B`, `1.5 KiB`, `23.4 MiB`.
  package static func bytes(_ count: Int) -> String {
    var value = Double(count)
    var unit = "B"
    for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
      value /= 1024
      unit = next
    }
    return (unit == "B" ? String(count) : fixed(value, decimals: 1)) + " " + unit
  }

  /// Bytes as pairs of hexadecimal digits: `00 00 08 03`.
  package static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
  }

  /// A word as eight hexadecimal digits.
  package static func hexadecimal(_ word: UInt32) -> String {
    let digits = String(word, radix: 16, uppercase: true)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func twoDigits(_ value: Int) -> String {
    value < 10 ? "0\(value)" : "\(value)"
  }
}
