package import LinearAlgebra

/// How a product of any number of rows by one matrix is cut into parts. Each part is one call of the implementation.
///
/// The cut depends on the sizes of the matrix and the implementation's rule alone, never on the number of rows. All parts have whole units of rows
/// and use the same kernels, small or packed. So the bits of a row do not depend on the number of other rows.
package struct ProductCut: Hashable, Sendable {
  /// The rows of a part are filled up to a multiple of this.
  package let unit: Int
  /// The largest number of rows in a part, a multiple of `unit`.
  package let rows: Int
  /// Columns of a part.
  package let columns: Int
  /// Terms of the sums in a part.
  package let depth: Int

  /// The cut for products with `columns` columns and `depth` terms.
  ///
  /// Products of eight or more rows that small kernels can compute stay within their bound. If the matrix `isDivisible`, it is cut into parts that
  /// do; otherwise it is packed, and a unit has enough rows for packing.
  package init(columns: Int, depth: Int, isDivisible: Bool, rule: RowRule) {
    var (unit, rows) = (rule.unit, Int.max)
    var (partColumns, partDepth) = (columns, depth)
    if let limit = rule.smallProduct {
      if columns * depth * Self.fewestRows <= limit {
        rows = limit / (columns * depth)
      } else if isDivisible {
        rows = Self.rowsOfDivided
        partDepth = min(depth, Self.longestDepth)
        partColumns = min(columns, max(16, limit / (rows * partDepth) / 16 * 16))
      } else if unit > 1 {
        unit = (limit / (columns * depth) / unit + 1) * unit
      }
    }
    self.unit = unit
    self.rows = min(rows, rule.mostRows ?? .max) / unit * unit
    self.columns = partColumns
    self.depth = partDepth
  }

  /// Fewer rows than this are not worth a call.
  private static let fewestRows = 8
  /// The number of rows in the parts of a matrix that is cut.
  private static let rowsOfDivided = 16
  /// 16 rows of 16 columns with this many terms stay within the bound.
  private static let longestDepth = 3840

  /// `rows` rows filled up to whole units.
  package func filled(_ rows: Int) -> Int { (rows + unit - 1) / unit * unit }
}
