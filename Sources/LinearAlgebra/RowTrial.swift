/// Finds by trial which rule the rows of a product follow.
///
/// All rows of a trial's matrices are equal, so all rows of the results must have equal bits. Only bits are compared,
/// so a trial does not depend on the machine's speed or load.
package enum RowTrial {
  /// Columns and depths of the trial's products: below, at and above the widths of vectors, kernels and panels.
  package static let columns = [1, 2, 5, 8, 10, 17, 21, 33, 64, 200, 300, 520]
  package static let depths = [1, 8, 9, 33, 100, 400, 800]
  /// The most rows of a trial's product: several times the most that a kernel takes at once.
  private static let rows = 48

  /// The first of a few rules that holds, starting with the least strict; nil if none does.
  package static func rule(of product: MatrixProduct) -> RowRule? {
    [1, 4, 8, 16].lazy.map { RowRule(unit: $0) }.first { broken($0, by: product) == nil }
  }

  /// Columns and depth of a product whose rows differ although it follows `rule`; nil if there is none.
  package static func broken(
    _ rule: RowRule, by product: MatrixProduct, columns: [Int] = columns, depths: [Int] = depths
  ) -> (columns: Int, depth: Int)? {
    for columns in columns {
      for depth in depths where !holds(rule, product, columns: columns, depth: depth) { return (columns, depth) }
    }
    return nil
  }

  private static func holds(_ rule: RowRule, _ product: MatrixProduct, columns: Int, depth: Int) -> Bool {
    let row = numbers(depth, seed: 1)
    let a = Array((0..<rows).map { _ in row }.joined())
    let b = numbers(depth * columns, seed: 2)
    var c = [Float](repeating: 0, count: rows * columns)
    // Small and packed products are summed in another order.
    var expected: [Bool: ArraySlice<Float>] = [:]
    for count in stride(from: rule.unit, through: rows, by: rule.unit) {
      var target = c.mutableSpan
      product.multiply(
        m: count, n: columns, k: depth, a.span, leadingDimensionA: depth, b.span, leadingDimensionB: columns,
        into: &target, leadingDimensionC: columns)
      let isSmall = rule.smallProduct.map { count * columns * depth <= $0 } ?? false
      for index in 0..<count {
        let found = c[index * columns..<(index + 1) * columns]
        guard let expected = expected[isSmall] else {
          expected[isSmall] = found
          continue
        }
        if !found.elementsEqual(expected, by: { $0.bitPattern == $1.bitPattern }) { return false }
      }
    }
    return true
  }

  /// Numbers in −1…1 whose sums are rounded.
  private static func numbers(_ count: Int, seed: UInt32) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(Int32(truncatingIfNeeded: state >> 8) - 1 << 23) / Float(1 << 23)
    }
  }
}
