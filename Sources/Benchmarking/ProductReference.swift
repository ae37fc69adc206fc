/// A matrix product in Double by plain loops, for checking results in single precision.
package struct ProductReference: Sendable {
  /// The rows computed.
  package let rows: [Int]
  private let values: [Double]
  private let columns: Int

  /// The most multiplications of a reference; for larger products only some rows are computed.
  private static let largestWork = 1 << 24

  /// Computes rows of A · B, all of them if the product is small, otherwise evenly spread ones with the first and the last.
  ///
  /// - Parameters:
  ///   - a: `[m, k]`, or `[k, m]` if the product transposes it.
  ///   - b: `[k, n]`
  package init(_ product: ProductCase, a: [Float], b: [Float]) {
    let (m, n, k) = (product.m, product.n, product.k)
    let count = min(m, max(2, Self.largestWork / (n * k)))
    rows = count < 2 ? Array(0..<m) : (0..<count).map { $0 * (m - 1) / (count - 1) }
    columns = n
    var values = [Double](repeating: 0, count: rows.count * n)
    for (place, row) in rows.enumerated() {
      for index in 0..<k {
        let factor = Double(product.transposesA ? a[index * m + row] : a[row * k + index])
        for column in 0..<n { values[place * n + column] += factor * Double(b[index * n + column]) }
      }
    }
    self.values = values
  }

  /// The error of `result` `[m, n]`, relative to its largest value.
  package func error(of result: [Float]) -> Double {
    RelativeError.largest(rows.flatMap { result[$0 * columns..<($0 + 1) * columns] }, values)
  }

  /// The error due to rounding in a sum of `k` products: it grows with the square root of `k`.
  package static func tolerance(k: Int) -> Double { 1e-6 * max(10, Double(k).squareRoot()) }
}
