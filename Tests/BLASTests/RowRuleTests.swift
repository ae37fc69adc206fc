import BLAS
import Testing

/// What makes a row of a product come out the same in any company. Run this with each kind of kernels
/// (`OPENBLAS_CORETYPE`).
@Suite("Rows of products") struct RowRuleTests {
  private static let columns = RowTrial.columns + [3, 7, 15, 16, 24, 31, 40, 72, 120, 128, 256, 257, 641]
  private static let depths = RowTrial.depths + [2, 7, 16, 31, 32, 64, 72, 320, 321, 385]

  @Test("obey the rule of the implementation that answers", arguments: MatrixProduct.allCases)
  func stated(product: MatrixProduct) {
    let answering = product.answering
    let found = RowTrial.broken(answering.rowRule, by: answering, columns: Self.columns, depths: Self.depths)
    #expect(found == nil, "\(String(describing: found)) breaks \(answering.rowRule)")
  }

  @Test("are answered by another implementation only where OpenBLAS's kernels obey no rule")
  func another() {
    #expect(MatrixProduct.portable.answering == .portable && MatrixProduct.naive.answering == .naive)
    #expect(MatrixProduct.blas.answering == (OpenBLASRows.rule == nil ? .portable : .blas))
    guard OpenBLASRows.rule == nil else { return }
    for unit in [1, 4, 6, 8, 12, 16] { #expect(RowTrial.broken(RowRule(unit: unit), by: .blas) != nil, "\(unit)") }
  }

  /// A trial that no kernel failed would prove nothing.
  @Test("do not obey a rule that is too wide for kernels that have units")
  func tooWide() {
    guard let rule = OpenBLASRows.rule, rule.unit > 1 else { return }
    #expect(RowTrial.broken(rule.ignoringUnits, by: .blas) != nil)
  }

  @Test("are found to obey a rule by a trial, where nothing is known", arguments: MatrixProduct.allCases)
  func trial(product: MatrixProduct) {
    guard let rule = RowTrial.rule(of: product) else {
      // A trial knows no bound of small kernels, and finds nothing that holds across it.
      #expect(product == .blas && (OpenBLASRows.rule == nil || OpenBLASRows.rule?.smallProduct != nil))
      return
    }
    #expect(rule.smallProduct == nil && RowTrial.broken(rule, by: product, columns: Self.columns) == nil, "\(rule)")
  }

  @Test("are known for each family of kernels that is common")
  func known() {
    for core in ["Prescott", "Core2", "Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX", "Cooperlake"] {
      #expect(OpenBLASRows.knowledge(ofCore: core) != .unknown, "\(core)")
    }
    #expect(OpenBLASRows.knowledge(ofCore: "haswell") == .unequal)
    #expect(OpenBLASRows.knowledge(ofCore: "Unheard") == .unknown)
    guard case .rule(let rule) = OpenBLASRows.knowledge(ofCore: BLASLibrary().core) else { return }
    #expect(rule == OpenBLASRows.rule)
  }
}
