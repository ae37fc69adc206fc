internal import Support

/// An error as tables show it.
enum ErrorText {
  /// Two digits, such as `4.2e-7`; `0` for none.
  static func text(_ error: Double) -> String {
    guard error > 0, error.isFinite else { return error == 0 ? "0" : "∞" }
    var (value, exponent) = (error, 0)
    while value < 0.995 { (value, exponent) = (value * 10, exponent - 1) }
    while value >= 9.95 { (value, exponent) = (value / 10, exponent + 1) }
    return NumberText.fixed(value, decimals: 1) + "e\(exponent)"
  }
}
