/// A histogram in TensorBoard's form.
package struct TensorBoardHistogram: Equatable, Sendable {
  /// The smallest value.
  package let minimum: Double
  /// The largest value.
  package let maximum: Double
  /// The number of values.
  package let count: Int
  /// Their sum.
  package let sum: Double
  /// The sum of their squares.
  package let sumOfSquares: Double
  /// The upper bound of each bucket, ascending.
  package let limits: [Double]
  /// The number of values in each bucket.
  package let counts: [Double]

  /// Buckets of equal width between the smallest and the largest value.
  private static let bucketCount = 64

  /// Counts the finite values. Nil if there are none.
  package init?(_ values: [Float]) {
    let finite = values.lazy.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    let (minimum, maximum) = (Double(low), Double(high))
    let buckets = high > low ? Self.bucketCount : 1
    let width = (maximum - minimum) / Double(buckets)
    var counts = [Double](repeating: 0, count: buckets)
    var (count, sum, squares) = (0, 0.0, 0.0)
    for value in finite {
      let value = Double(value)
      let bucket = width > 0 ? min(buckets - 1, Int((value - minimum) / width)) : 0
      counts[bucket] += 1
      count += 1
      sum += value
      squares += value * value
    }
    self.minimum = minimum
    self.maximum = maximum
    self.count = count
    self.sum = sum
    sumOfSquares = squares
    limits = (1...buckets).map { $0 == buckets ? maximum : minimum + Double($0) * width }
    self.counts = counts
  }
}
