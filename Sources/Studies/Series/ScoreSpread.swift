internal import Support

/// The mean and the sample standard deviation of some figures.
struct ScoreSpread {
  let mean: Double
  /// Nil for fewer than two figures.
  let deviation: Double?

  init(_ figures: [Double]) {
    let mean = figures.reduce(0, +) / Double(figures.count)
    self.mean = mean
    deviation =
      figures.count < 2
      ? nil
      : (figures.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(figures.count - 1)).squareRoot()
  }

  var json: JSONValue {
    [
      "mean": .rounded(mean, decimals: 6),
      "standard_deviation": deviation.map { .rounded($0, decimals: 6) } ?? .null,
    ]
  }
}
