import LinearAlgebra
import Testing

/// The rules under which a row of a product does not depend on other rows. Run these tests with each kind of kernels (`OPENBLAS_CORETYPE`).
struct RowRuleTests {
  private static let columns = RowTrial.columns + [3, 7, 15, 16, 24, 31, 40, 72, 120, 128, 256, 257, 641]
  private static let depths = RowTrial.depths + [2, 7, 16, 31, 32, 64, 72, 320, 321, 385]

  @Test(arguments: MatrixProduct.allCases)
  func implementationsFollowTheirRule(product: MatrixProduct) {
    let answering = product.answering
    let found = RowTrial.broken(answering.rowRule, by: answering, columns: Self.columns, depths: Self.depths)
    #expect(found == nil, "\(String(describing: found)) breaks \(answering.rowRule)")
  }

  @Test func kernelsWithoutARuleAreReplacedInInference() {
    #expect(MatrixProduct.portable.answering == .portable && MatrixProduct.naive.answering == .naive)
    #expect(MatrixProduct.blas.answering == (OpenBLASRows.rule == nil ? .portable : .blas))
    guard OpenBLASRows.rule == nil else { return }
    for unit in [1, 4, 6, 8, 12, 16] { #expect(RowTrial.broken(RowRule(unit: unit), by: .blas) != nil, "\(unit)") }
  }

  /// A trial that passes with every kernel would prove nothing.
  @Test func kernelsWithUnitsViolateALooserRule() {
    guard let rule = OpenBLASRows.rule, rule.unit > 1 else { return }
    #expect(RowTrial.broken(rule.ignoringUnits, by: .blas) != nil)
  }

  @Test(arguments: MatrixProduct.allCases)
  func aTrialFindsTheRuleOfUnknownKernels(product: MatrixProduct) {
    guard let rule = RowTrial.rule(of: product) else {
      // A trial does not know the bound of small kernels, so it finds no rule that holds across it.
      #expect(product == .blas && (OpenBLASRows.rule == nil || OpenBLASRows.rule?.smallProduct != nil))
      return
    }
    #expect(rule.smallProduct == nil && RowTrial.broken(rule, by: product, columns: Self.columns) == nil, "\(rule)")
  }

  @Test func commonKernelsHaveAKnownRule() {
    for core in ["Prescott", "Core2", "Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX", "Cooperlake"] {
      #expect(OpenBLASRows.knowledge(ofCore: core) != .unknown, "\(core)")
    }
    #expect(OpenBLASRows.knowledge(ofCore: "haswell") == .unequal)
    #expect(OpenBLASRows.knowledge(ofCore: "Unheard") == .unknown)
    guard case .rule(let rule) = OpenBLASRows.knowledge(ofCore: BLASLibrary().core) else { return }
    #expect(rule == OpenBLASRows.rule)
  }
}
