internal import Support

/// What products must have in common so that a row has the same bits in all of them, regardless of the other rows.
///
/// Kernels compute four or eight rows at a time, and the remaining rows with other kernels that add in another order.
/// So a row's bits depend on the number of rows and on the row's index. They do not for products of whole units with
/// the same columns and depth, all on the same side of `smallProduct`.
package struct RowRule: Hashable, Sendable {
  /// The number of rows is a multiple of this.
  package let unit: Int
  /// Up to this many multiply-adds, products use kernels for small matrices, which do not pack them; nil if all products use the same kernels.
  package let smallProduct: Int?
  /// Up to this many rows, and terms of a sum, a product allocates no memory; nil if no product allocates.
  package let mostRows: Int?

  /// Makes a rule; without arguments, for an implementation whose rows never depend on each other.
  package init(unit: Int = 1, smallProduct: Int? = nil, mostRows: Int? = nil) {
    require(unit > 0, "RowRule: unit must be positive, found \(unit)")
    self.unit = unit
    self.smallProduct = smallProduct
    self.mostRows = mostRows
  }

  /// The same kernels for products whose rows may depend on each other.
  package var ignoringUnits: RowRule { RowRule(smallProduct: smallProduct, mostRows: mostRows) }
}

extension MatrixProduct {
  /// The rule of this implementation's products if neither matrix is stored transposed.
  ///
  /// For OpenBLAS's kernels whose `answering` is another implementation, it says nothing about rows.
  package var rowRule: RowRule {
    switch self {
    case .blas: OpenBLASRows.rule ?? RowRule()
    case .portable: RowRule(mostRows: Self.portableRows)
    case .naive: RowRule()
    }
  }

  /// The implementation to use if rows must not depend on each other: this one, or the portable one if OpenBLAS's
  /// kernels cannot ensure it at any size.
  package var answering: MatrixProduct {
    self == .blas && OpenBLASRows.rule == nil ? .portable : self
  }
}
