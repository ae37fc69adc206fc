internal import Support

/// What products must have in common for a row to come out of them with the same bits, whichever rows it is computed with.
///
/// Kernels compute rows by the four or eight, and what is left over with others that add in another order: a row's bits
/// then depend on how many rows a product has and on the row's place among them. They do not among products of whole
/// units with the same columns and depth, all of them on the same side of `smallProduct`.
package struct RowRule: Hashable, Sendable {
  /// The number of rows is a multiple of this.
  package let unit: Int
  /// Multiply-adds up to which products are computed by kernels for small matrices, which do not pack them first; nil
  /// where all products take the same way.
  package let smallProduct: Int?
  /// Rows, and terms of a sum, up to which a product never asks for memory; nil where none does.
  package let mostRows: Int?

  /// A rule; without arguments, that of an implementation whose rows never depend on each other.
  package init(unit: Int = 1, smallProduct: Int? = nil, mostRows: Int? = nil) {
    require(unit > 0, "RowRule: a unit has rows, found \(unit)")
    self.unit = unit
    self.smallProduct = smallProduct
    self.mostRows = mostRows
  }

  /// The same kernels for products whose rows may depend on each other.
  package var ignoringUnits: RowRule { RowRule(smallProduct: smallProduct, mostRows: mostRows) }
}

extension MatrixProduct {
  /// The rule that this implementation's products obey if neither matrix is stored transposed.
  ///
  /// With OpenBLAS's kernels for which `answering` is another implementation it says nothing about rows.
  package var rowRule: RowRule {
    switch self {
    case .blas: OpenBLASRows.rule ?? RowRule()
    case .portable: RowRule(mostRows: Self.portableRows)
    case .naive: RowRule()
    }
  }

  /// The implementation to use where rows must not depend on each other: this one, or the portable one instead of
  /// OpenBLAS's kernels that cannot give it at any size.
  package var answering: MatrixProduct {
    self == .blas && OpenBLASRows.rule == nil ? .portable : self
  }
}
