internal import Randomness
internal import Support

extension Predictions {
  /// The answers with logits divided by a temperature: other probabilities, in the same order.
  package func divided(by temperature: Double) -> Predictions {
    if temperature == 1 { return self }
    let divisor = Float(temperature)
    return Predictions(logits: logits.map { $0 / divisor }, labels: labels)
  }

  /// The temperature `T` for which the mean cross-entropy of `softmax(logits / T)` is lowest; nil if it is not within `Network.temperatures`.
  ///
  /// The result is nil if every prediction is right, because then a lower temperature is always better, or if the predictions are worse than guessing. The loss is
  /// convex in `1 / T`, so that Newton's method with bisection as a fallback finds the minimum. It has six decimals, more than any data determines, and
  /// the same on every processor. Source: Guo et al., "On Calibration of Modern Neural Networks", 2017.
  ///
  /// - Parameter classes: The number of classes; all labels must be below it.
  public func fittedTemperature(classes: Int) -> Double? {
    require(
      classes > 0 && logits.count == labels.count * classes,
      "Predictions: needs \(classes) logits per label, found \(logits.count) for \(labels.count)")
    let range = Network.temperatures
    var (low, high) = (1 / range.upperBound, 1 / range.lowerBound)
    guard slopes(at: low, classes: classes).first < 0, slopes(at: high, classes: classes).first > 0 else { return nil }
    var factor = 1.0
    // Bisection alone needs 44 steps.
    for _ in 0..<200 {
      let (first, second) = slopes(at: factor, classes: classes)
      if first > 0 { high = factor } else { low = factor }
      let newton = factor - first / second
      // NaN, from a slope that does not change, is not inside either.
      let next = low < newton && newton < high ? newton : (low + high) / 2
      if (next - factor).magnitude <= 1e-9 * factor || high - low <= 1e-9 * low { break }
      factor = next
    }
    return (1e6 / factor).rounded() / 1e6
  }

  /// The first and second derivative of the sum of losses by the factor of the logits.
  private func slopes(at factor: Double, classes: Int) -> (first: Double, second: Double) {
    let all = logits.span
    var (first, second) = (0.0, 0.0)
    for (image, label) in labels.enumerated() {
      let row = all.extracting(image * classes..<(image + 1) * classes)
      var largest = row[0]
      for index in row.indices where row[index] > largest { largest = row[index] }
      var (weight, mean, square) = (0.0, 0.0, 0.0)
      for index in row.indices {
        let distance = Double(row[index]) - Double(largest)
        let share = ElementaryFunctions.exponential(factor * distance)
        weight += share
        mean += share * distance
        square += share * distance * distance
      }
      mean /= weight
      first += mean - (Double(row[Int(label)]) - Double(largest))
      second += square / weight - mean * mean
    }
    return (first, second)
  }
}
