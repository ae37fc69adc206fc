internal import Glibc
internal import Support

/// Formats numbers for charts.
enum DecimalText {
  /// A number with a fixed count of decimals; infinity and NaN as mathematical symbols.
  static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
    return NumberText.fixed(value, decimals: decimals)
  }

  /// A number with a maximum count of decimals, without trailing zeros.
  static func short(_ value: Double, decimals: Int) -> String {
    var text = fixed(value, decimals: decimals)
    guard text.contains(".") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// Ten to the power of a number, with two digits: `0.01`, `1e-5`, `3.2e-5`.
  static func power(_ exponent: Double) -> String {
    guard exponent.isFinite else { return fixed(exponent, decimals: 0) }
    var whole = exponent.rounded(.down)
    var digits = (pow(10, exponent - whole) * 10).rounded()
    if digits >= 100 { (digits, whole) = (10, whole + 1) }
    if -3...3 ~= whole { return short(pow(10, whole) * digits / 10, decimals: 4) }
    return short(digits / 10, decimals: 1) + "e" + fixed(whole, decimals: 0)
  }

  /// A whole number in groups of three: `60,000`.
  static func grouped(_ value: Double) -> String {
    (value <= -0.5 ? "−" : "") + NumberText.grouped(digits: fixed(value.magnitude, decimals: 0))
  }
}
