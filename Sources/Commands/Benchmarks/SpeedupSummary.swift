/// Many speedups in one sentence.
enum SpeedupSummary {
  /// For example `BLAS is 20.1 to 95.0 times as fast as plain loops, 41.3 times in the median.`; nil for no speedups.
  static func line(of subject: String, speedups: [Double]) -> String? {
    guard let least = speedups.min(), let most = speedups.max() else { return nil }
    func text(_ value: Double) -> String { NumberText.fixed(value, decimals: 1) }
    if speedups.count == 1 { return "\(subject) is \(text(least)) times as fast as plain loops." }
    return
      "\(subject) is \(text(least)) to \(text(most)) times as fast as plain loops, \(text(Spread(speedups).median)) times in the median."
  }
}

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
