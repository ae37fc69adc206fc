internal import Glibc

/// Numbers as charts write them.
enum DecimalText {
  /// A number with a fixed count of decimals.
  static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    // Beyond the whole numbers that a Double holds exactly, decimals mean nothing.
    guard scaled < 9e15 else { return value.description }
    let digits = String(Int(scaled))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    if decimals == 0 { return sign + digits }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// A number with at most so many decimals, without zeros at its end.
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
    let digits = Array(fixed(value.magnitude, decimals: 0))
    var result = value <= -0.5 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return result
  }
}
