/// How OpenBLAS's kernels treat the rows of a product.
package enum OpenBLASRows {
  /// The known behavior of a family of kernels.
  package enum Knowledge: Equatable, Sendable {
    /// They follow a rule.
    case rule(RowRule)
    /// Beyond a few rows, they treat rows differently whatever their number.
    case unequal
    /// The family has not been measured.
    case unknown
  }

  /// The rule of the kernels in use, known or found by a trial; nil if they follow none or cannot
  /// run.
  package static let rule: RowRule? = {
    guard LoadedBLAS.shared.calling != .never else { return nil }
    return switch knowledge(ofCore: OpenBLASQuery.core) {
    case .rule(let rule): rule
    case .unequal: nil
    case .unknown: RowTrial.rule(of: .blas)
    }
  }()

  /// OpenBLAS 0.3 uses its kernels for small matrices, if it has them, up to this many multiply-adds.
  package static let smallProduct = 1_000_000

  /// The known behavior of a family of kernels of OpenBLAS 0.3.
  ///
  /// Measured with OpenBLAS 0.3.21 by comparing the bits of equal rows at every position in products of 1 to 700 rows, with 1 to 4,096 columns and
  /// sums of 1 to 3,136 terms. OpenBLAS counts by columns, so our rows are its columns.
  ///
  /// - Most kernels compute four rows at a time (Nehalem's eight) and treat all such groups alike.
  /// - The AVX-512 families sum small products of an odd width by 16 partial sums, in one order for four rows and in
  ///   another for one or two. Rows of their packed products never depend on each other.
  /// - Haswell's kernels, which Zen shares, take twelve rows at a time if that many remain, and sum the last six in a different
  ///   order from the first six. Only products of four or eight rows treat all rows alike, and they spend a third of their time
  ///   on packing the matrix.
  package static func knowledge(ofCore core: String) -> Knowledge {
    switch core.lowercased() {
    case "skylakex", "cooperlake", "sapphirerapids": .rule(RowRule(unit: 4, smallProduct: smallProduct))
    case "haswell", "zen": .unequal
    case "sandybridge", "nano": .rule(RowRule())
    case "prescott", "core2", "penryn", "dunnington", "barcelona", "bobcat", "atom": .rule(RowRule(unit: 4))
    case "nehalem": .rule(RowRule(unit: 8))
    default: .unknown
    }
  }
}
