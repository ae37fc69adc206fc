import LinearAlgebra
import TestSupport
import Testing

struct OrthonormalColumnsTests {
  /// Matrices of full rank, `[m, n]` with m ≥ n.
  static let matrices: [DenseMatrix] =
    [(1, 1), (5, 1), (2, 2), (7, 7), (25, 6), (64, 10), (33, 32), (120, 84), (288, 32)].map { rows, columns in
      var random = TestRandom(seed: UInt64(rows))
      return DenseMatrix(random.normal(rows * columns), rows: rows, columns: columns)
    }

  /// Matrices whose columns depend on each other: zero, equal columns, and a zero column in the middle.
  static let deficient: [DenseMatrix] = [
    DenseMatrix(rows: 4, columns: 3) { _, _ in 0 },
    DenseMatrix(rows: 6, columns: 4) { row, _ in Double(row + 1) },
    DenseMatrix(rows: 5, columns: 5) { row, column in column == 2 ? 0 : Double((row * 3 + column * column) % 7) },
  ]

  /// By LAPACK, and by our own method.
  static let products = [MatrixProduct.blas, .portable]

  @Test(arguments: matrices + deficient, products)
  func columnsAreOrthonormalForAnyRank(matrix: DenseMatrix, product: MatrixProduct) throws {
    let q = try Self.columns(of: matrix, by: product)
    expectClose(
      (q.transposed * q).rounded, DenseMatrix.diagonal([Double](repeating: 1, count: q.columns)).elements,
      relativeTo: .one, tolerance: DenseMatrix.tolerance(size: matrix.rows))
  }

  @Test(arguments: matrices + deficient, products)
  func columnsSpanTheMatrixForAnyRank(matrix: DenseMatrix, product: MatrixProduct) throws {
    let q = try Self.columns(of: matrix, by: product)
    expectClose(
      (q * (q.transposed * matrix)).rounded, matrix.elements, relativeTo: .one,
      tolerance: DenseMatrix.tolerance(size: matrix.rows) * matrix.norm)
  }

  @Test(arguments: matrices + deficient, products)
  func theDiagonalOfRIsNotNegative(matrix: DenseMatrix, product: MatrixProduct) throws {
    let q = try Self.columns(of: matrix, by: product)
    let r = q.transposed * matrix
    let bound = DenseMatrix.tolerance(size: matrix.rows) * matrix.norm
    let below = DenseMatrix(rows: r.rows, columns: r.columns) { $0 > $1 ? r[$0, $1] : 0 }
    expectClose(below.rounded, [Double](repeating: 0, count: below.elements.count), relativeTo: .one, tolerance: bound)
    for column in 0..<r.columns { #expect(r[column, column] >= -bound, "column \(column)") }
  }

  @Test(arguments: matrices, products)
  func signsFollowThoseOfTheColumns(matrix: DenseMatrix, product: MatrixProduct) throws {
    // Q(A · D) = Q(A) · D for a diagonal D of ±1: this makes Q of a normal A uniformly distributed. Rounding does not depend on signs, so it holds to
    // the last bit.
    let flip = DenseMatrix.diagonal((0..<matrix.columns).map { $0 % 2 == 0 ? -1 : 1 })
    let expected = try Self.columns(of: matrix, by: product) * flip
    #expect(try Self.columns(of: matrix * flip, by: product).elements == expected.elements)
  }

  @Test(arguments: products)
  func smallMatricesHaveKnownResults(product: MatrixProduct) throws {
    let tolerance = 2 * Double(Float.ulpOfOne)
    expectClose(
      try Decomposition.orthonormalColumns([-3, -4], rows: 2, columns: 1, by: product), [-0.6, -0.8],
      tolerance: tolerance)
    // A = Q · R with the rotation Q = [0.6 -0.8; 0.8 0.6] and R = [5 1; 0 2].
    expectClose(
      try Decomposition.orthonormalColumns([3, -1, 4, 2], rows: 2, columns: 2, by: product), [0.6, -0.8, 0.8, 0.6],
      tolerance: tolerance)
    // Of a zero matrix, R's diagonal is 0, which counts as positive.
    #expect(
      try Decomposition.orthonormalColumns([0, 0, 0, 0, 0, 0], rows: 3, columns: 2, by: product) == [1, 0, 0, 1, 0, 0])
    #expect(try Decomposition.orthonormalColumns([], rows: 3, columns: 0, by: product) == [])
  }

  @Test(arguments: products)
  func powersOfTwoDoNotChangeTheResult(product: MatrixProduct) throws {
    var random = TestRandom(seed: 5)
    let matrix = random.normal(40 * 12)
    #expect(
      try Decomposition.orthonormalColumns(matrix, rows: 40, columns: 12, by: product)
        == Decomposition.orthonormalColumns(matrix.map { $0 * 0x1p-20 }, rows: 40, columns: 12, by: product))
  }

  @Test(arguments: [Float.nan, .infinity])
  func infinitiesAndNaNAreRejected(value: Float) throws {
    let error = #expect(throws: LAPACKError.self) {
      try Decomposition.orthonormalColumns([1, value], rows: 2, columns: 1)
    }
    #expect(try #require(error) == LAPACKError(routine: "sgeqrf", info: -4))
  }

  private static func columns(of matrix: DenseMatrix, by product: MatrixProduct) throws -> DenseMatrix {
    DenseMatrix(
      try Decomposition.orthonormalColumns(matrix.rounded, rows: matrix.rows, columns: matrix.columns, by: product),
      rows: matrix.rows, columns: matrix.columns)
  }
}
