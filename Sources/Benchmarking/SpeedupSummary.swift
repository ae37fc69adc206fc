internal import Support

/// Summarizes speedups in one sentence.
enum SpeedupSummary {
  /// For example `BLAS is 20.1 to 95.0 times as fast as plain loops, 41.3 in the median.`; nil without speedups. Equal numbers are written once.
  static func line(of subject: String, over baseline: String, decimals: Int = 1, _ speedups: [Double]) -> String? {
    guard let least = speedups.min(), let most = speedups.max() else { return nil }
    func text(_ value: Double) -> String { NumberText.fixed(value, decimals: decimals) }
    if text(least) == text(most) { return "\(subject) \(text(least)) times as fast as \(baseline)." }
    return
      "\(subject) \(text(least)) to \(text(most)) times as fast as \(baseline), \(text(Spread(speedups).median)) in the median."
  }
}
