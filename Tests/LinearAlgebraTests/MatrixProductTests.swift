import LinearAlgebra
import TestSupport
import Testing

struct MatrixProductTests {
  /// Neutral, zero and general factors, each at least once with the other.
  static let factors: [(alpha: Float, beta: Float)] = [(1, 0), (1, 1), (-1.5, 0), (0.75, -0.5), (0, 2), (0, 0)]

  static let transposes = [(false, false), (true, false), (false, true), (true, true)]

  @Test(arguments: MatrixProduct.allCases, ProductShape.table)
  func roundingStaysWithinTheBoundOfAnyOrder(product: MatrixProduct, shape: ProductShape) {
    var random = TestRandom(seed: 1)
    for (transposeA, transposeB) in Self.transposes {
      for (alpha, beta) in Self.factors {
        let item = ProductCase(
          shape, transposeA: transposeA, transposeB: transposeB, alpha: alpha, beta: beta, gap: 3,
          numbers: { random.uniform($0) })
        let (result, guardsKept) = item.run(product)
        expectClose(
          result, item.reference, relativeTo: .values(item.magnitude), tolerance: item.tolerance, "\(product) \(item)")
        #expect(guardsKept, "\(product) \(item): wrote outside the rows of C")
      }
    }
  }

  @Test(arguments: MatrixProduct.allCases, ProductShape.table)
  func smallIntegersAreExact(product: MatrixProduct, shape: ProductShape) {
    var random = TestRandom(seed: 2)
    for (transposeA, transposeB) in Self.transposes {
      for gap in [0, 1, 16] {
        let item = ProductCase(
          shape, transposeA: transposeA, transposeB: transposeB, alpha: 2, beta: -3, gap: gap,
          numbers: { random.integers($0) })
        let (result, guardsKept) = item.run(product)
        expectClose(result, item.reference, tolerance: 0, "\(product) \(item)")
        #expect(guardsKept, "\(product) \(item): wrote outside the rows of C")
      }
    }
  }

  @Test(arguments: MatrixProduct.allCases)
  func anEmptyResultLeavesCUnchanged(product: MatrixProduct) {
    let operand: [Float] = [1, 2, 3, 4]
    var c: [Float] = [5, 6]
    var span = c.mutableSpan
    for (m, n) in [(0, 2), (2, 0), (0, 0)] {
      product.multiply(
        m: m, n: n, k: 2, operand.span, leadingDimensionA: 2, operand.span, leadingDimensionB: 2,
        beta: 0, into: &span, leadingDimensionC: 2)
    }
    #expect(c == [5, 6])
  }

  @Test(arguments: MatrixProduct.allCases)
  func anEmptySumScalesC(product: MatrixProduct) {
    for (beta, expected) in [(0, [0, 9, 0]), (1, [.infinity, 9, 4]), (-0.5, [-.infinity, 9, -2])] as [(Float, [Float])]
    {
      var c: [Float] = [.infinity, 9, 4]
      let none: [Float] = []
      var span = c.mutableSpan
      product.multiply(
        m: 2, n: 1, k: 0, none.span, leadingDimensionA: 1, none.span, leadingDimensionB: 1,
        beta: beta, into: &span, leadingDimensionC: 2)
      #expect(c == expected, "beta \(beta)")
    }
  }

  @Test(arguments: MatrixProduct.allCases)
  func alphaZeroIgnoresAAndB(product: MatrixProduct) {
    let poison: [Float] = [.nan, .infinity, -.infinity, .nan]
    for (beta, expected) in [(0, [0, 0, 0, 0]), (3, [3, 6, 9, 12])] as [(Float, [Float])] {
      var c: [Float] = beta == 0 ? poison : [1, 2, 3, 4]
      var span = c.mutableSpan
      product.multiply(
        m: 2, n: 2, k: 2, alpha: 0, poison.span, leadingDimensionA: 2, poison.span, leadingDimensionB: 2,
        beta: beta, into: &span, leadingDimensionC: 2)
      #expect(c == expected, "beta \(beta)")
    }
  }

  @Test(arguments: MatrixProduct.allCases, transposes)
  func nanIsPropagatedEvenTimesZero(product: MatrixProduct, transposes: (Bool, Bool)) {
    let a: [Float] = [0, 0, 0, 0]
    let b: [Float] = [.nan, 1, 1, 1]
    var c: [Float] = [1, 1, 1, 1]
    var span = c.mutableSpan
    product.multiply(
      m: 2, n: 2, k: 2, a.span, transposeA: transposes.0, leadingDimensionA: 2,
      b.span, transposeB: transposes.1, leadingDimensionB: 2, into: &span, leadingDimensionC: 2)
    // NaN is element (0, 0) of op(B), stored transposed or not: it reaches column 0 of C.
    #expect(c.map(\.isNaN) == [true, false, true, false])
    #expect([c[1], c[3]] == [0, 0])
  }

  @Test func namesAreThoseOfTheCommandLineAndFiles() {
    #expect(MatrixProduct.allCases.map(\.rawValue) == ["blas", "portable", "naive"])
  }
}
