import LinearAlgebra

/// A product of op(A) `[2, 3]` and op(B) `[3, 4]` with one wrong argument.
enum BadProduct: String, CaseIterable, Codable, Sendable {
  case negativeM, negativeN, negativeK, hugeM, hugeN, hugeK
  case shortRowA, shortRowTransposedA, shortRowB, shortRowTransposedB, shortRowC, zeroLeadingDimension
  case hugeLeadingDimension
  case shortA, shortTransposedA, shortB, shortTransposedB, shortC

  /// The required parts of the message: the argument's name, and what was expected and found.
  var message: String {
    switch self {
    case .negativeM: "m: expected 0 to 2147483647, found -1"
    case .negativeN: "n: expected 0 to 2147483647, found -1"
    case .negativeK: "k: expected 0 to 2147483647, found -1"
    case .hugeM: "m: expected 0 to 2147483647, found 2147483648"
    case .hugeN: "n: expected 0 to 2147483647, found 9223372036854775807"
    case .hugeK: "k: expected 0 to 2147483647, found 4294967299"
    case .shortRowA: "leadingDimensionA: expected at least 3, the row length of A (2×3 as stored), found 2"
    case .shortRowTransposedA: "leadingDimensionA: expected at least 2, the row length of A (3×2 as stored), found 1"
    case .shortRowB: "leadingDimensionB: expected at least 4, the row length of B (3×4 as stored), found 3"
    case .shortRowTransposedB: "leadingDimensionB: expected at least 3, the row length of B (4×3 as stored), found -3"
    case .shortRowC: "leadingDimensionC: expected at least 4, the row length of C (2×4 as stored), found 3"
    case .zeroLeadingDimension: "leadingDimensionA: expected at least 1, the row length of A (2×0 as stored), found 0"
    case .hugeLeadingDimension: "leadingDimensionC: expected at most 2147483647, found 4294967300"
    case .shortA: "A: expected a span of at least 8 elements for 2×3 as stored with leading dimension 5, found 7"
    case .shortTransposedA:
      "A: expected a span of at least 6 elements for 3×2 as stored with leading dimension 2, found 5"
    case .shortB: "B: expected a span of at least 12 elements for 3×4 as stored with leading dimension 4, found 11"
    case .shortTransposedB:
      "B: expected a span of at least 15 elements for 4×3 as stored with leading dimension 4, found 14"
    case .shortC: "C: expected a span of at least 10 elements for 2×4 as stored with leading dimension 6, found 9"
    }
  }

  /// Makes the call, which must not return.
  func call(_ product: MatrixProduct) {
    switch self {
    case .negativeM: multiply(product, m: -1)
    case .negativeN: multiply(product, n: -1)
    case .negativeK: multiply(product, k: -1)
    case .hugeM: multiply(product, m: 1 << 31)
    case .hugeN: multiply(product, n: .max)
    // Truncated to 32 bits, this would be 3, which fits.
    case .hugeK: multiply(product, k: (1 << 32) + 3)
    case .shortRowA: multiply(product, leadingDimensionA: 2)
    case .shortRowTransposedA: multiply(product, transposeA: true, leadingDimensionA: 1)
    case .shortRowB: multiply(product, leadingDimensionB: 3)
    case .shortRowTransposedB: multiply(product, transposeB: true, leadingDimensionB: -3)
    case .shortRowC: multiply(product, leadingDimensionC: 3)
    case .zeroLeadingDimension: multiply(product, k: 0, leadingDimensionA: 0)
    // If C has one row, the length of its span does not depend on the leading dimension.
    case .hugeLeadingDimension: multiply(product, m: 1, leadingDimensionC: (1 << 32) + 4)
    case .shortA: multiply(product, countA: 7, leadingDimensionA: 5)
    case .shortTransposedA: multiply(product, countA: 5, transposeA: true, leadingDimensionA: 2)
    case .shortB: multiply(product, countB: 11)
    case .shortTransposedB: multiply(product, countB: 14, transposeB: true, leadingDimensionB: 4)
    case .shortC: multiply(product, countC: 9, leadingDimensionC: 6)
    }
  }

  /// The product with every argument right unless it is given.
  private func multiply(
    _ product: MatrixProduct, m: Int = 2, n: Int = 4, k: Int = 3,
    countA: Int = 6, transposeA: Bool = false, leadingDimensionA: Int = 3,
    countB: Int = 12, transposeB: Bool = false, leadingDimensionB: Int = 4,
    countC: Int = 8, leadingDimensionC: Int = 4
  ) {
    let a = [Float](repeating: 1, count: countA)
    let b = [Float](repeating: 1, count: countB)
    var c = [Float](repeating: 1, count: countC)
    var span = c.mutableSpan
    product.multiply(
      m: m, n: n, k: k, a.span, transposeA: transposeA, leadingDimensionA: leadingDimensionA,
      b.span, transposeB: transposeB, leadingDimensionB: leadingDimensionB,
      into: &span, leadingDimensionC: leadingDimensionC)
  }
}
