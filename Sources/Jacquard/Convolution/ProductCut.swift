internal import BLAS

/// How a product of any number of rows is cut so that every part stays within OpenBLAS's small kernels.
///
/// A product of a few rows takes the small kernels by itself and one of many is packed, which rounds otherwise: uncut, an
/// image's result would depend on how many images it is computed with. With OpenBLAS 0.3.21 it still does, in the last
/// bits, in the last columns of widths that exceed a multiple of 4 and leave a rest below 8 modulo 16, such as 2 or 21:
/// those columns are summed in another order for some numbers of rows.
package struct ProductCut: Hashable, Sendable {
  /// Rows of a part.
  package let rows: Int
  /// Columns of a part.
  package let columns: Int
  /// Terms of a part's sums.
  package let depth: Int

  /// The cut for products with `columns` columns and `depth` terms; where a library packs every product, none.
  package init(columns: Int, depth: Int, hasSmallKernels: Bool = BLASLibrary.hasSmallKernels) {
    guard hasSmallKernels else {
      (rows, self.columns, self.depth) = (.max, columns, depth)
      return
    }
    let limit = ProductTile.smallProduct
    if columns * depth * Self.fewestRows <= limit {
      (rows, self.columns, self.depth) = (limit / (columns * depth), columns, depth)
      return
    }
    rows = 16
    self.depth = min(depth, Self.longestDepth)
    self.columns = min(columns, max(16, limit / (rows * self.depth) / 16 * 16))
  }

  /// Fewer rows than this are not worth a call.
  private static let fewestRows = 8
  /// 16 rows of 16 columns of so many terms stay within the bound.
  private static let longestDepth = 3840
}
