internal import Support

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
