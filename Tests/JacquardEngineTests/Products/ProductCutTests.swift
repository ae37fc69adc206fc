import LinearAlgebra
import JacquardEngine
import Testing

/// How products of any number of rows are cut, by the rule of each kind of kernels, independent of this machine's.
struct ProductCutTests {
  private static let small = RowRule(unit: 4, smallProduct: 1_000_000)
  private static let sizes = [
    (1, 1), (2, 64), (10, 84), (120, 400), (256, 784), (512, 512), (1000, 4096), (10, 64), (4096, 25_088), (400, 400),
  ]

  /// Dense layers: no part of a product of any number of images is ever packed, and every part has whole units.
  @Test(arguments: sizes)
  func divisibleMatricesStayWithinTheBound(columns: Int, depth: Int) {
    for rule in [Self.small, Self.small.ignoringUnits] {
      let cut = ProductCut(columns: columns, depth: depth, isDivisible: true, rule: rule)
      #expect(cut.rows * cut.columns * cut.depth <= 1_000_000 && cut.rows >= 8, "\(cut)")
      #expect(cut.unit == rule.unit && cut.rows % cut.unit == 0, "\(cut)")
    }
  }

  /// Every number of whole units is on one side of the bound.
  @Test(arguments: sizes)
  func otherMatricesKeepToOneSideOfTheBound(columns: Int, depth: Int) {
    let cut = ProductCut(columns: columns, depth: depth, isDivisible: false, rule: Self.small)
    #expect(cut.columns == columns && cut.depth == depth && cut.unit % 4 == 0 && cut.rows % cut.unit == 0, "\(cut)")
    if cut.rows > 1 << 40 {
      #expect(cut.unit * columns * depth > 1_000_000, "\(cut)")
    } else {
      #expect(cut.rows >= 8 && cut.rows * columns * depth <= 1_000_000, "\(cut)")
    }
  }

  @Test func rowsStayWithinTheBoundWhereThatIsWorthACall() {
    func cut(_ size: Int, _ rule: RowRule) -> ProductCut {
      ProductCut(columns: size, depth: size, isDivisible: false, rule: rule)
    }
    #expect(cut(64, Self.small).rows == 244 && cut(64, Self.small).unit == 4)
    #expect(cut(63, Self.small).rows == 248 && cut(63, Self.small.ignoringUnits).rows == 251)
    #expect(cut(400, Self.small).unit == 8 && cut(512, Self.small).unit == 4 && cut(512, Self.small).rows > 1 << 40)
    // In training, rows are free on either side.
    #expect(cut(400, Self.small.ignoringUnits).unit == 1 && cut(400, Self.small.ignoringUnits).rows == .max)
  }

  @Test(arguments: sizes)
  func packedProductsAreNotCut(columns: Int, depth: Int) {
    for isDivisible in [false, true] {
      for unit in [1, 4, 8] {
        let cut = ProductCut(columns: columns, depth: depth, isDivisible: isDivisible, rule: RowRule(unit: unit))
        #expect(cut.unit == unit && cut.columns == columns && cut.depth == depth, "\(cut)")
        #expect(cut.rows > 1 << 40 && cut.rows % unit == 0, "\(cut)")
      }
    }
  }

  @Test func unitsAreFilledUp() {
    let cut = ProductCut(columns: 10, depth: 10, isDivisible: true, rule: RowRule(unit: 4))
    #expect([0, 1, 4, 5, 8].map(cut.filled) == [0, 4, 4, 8, 8])
  }
}
