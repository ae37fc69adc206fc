import LinearAlgebra
import TestSupport
import Testing

struct SymmetricEigenTests {
  /// By LAPACK, and by our own method.
  static let products = [MatrixProduct.blas, .portable]

  /// Symmetric matrices of several orders, and of awkward kinds.
  static let matrices: [DenseMatrix] =
    [1, 2, 3, 7, 16, 33, 75].map { order in
      var random = TestRandom(seed: UInt64(order))
      let a = DenseMatrix(random.normal(order * order), rows: order, columns: order)
      return DenseMatrix(rows: order, columns: order) { Double(Float(a[$0, $1] + a[$1, $0])) }
    } + [
      // One eigenvalue five times; all of them zero; rank 1 with a sixfold zero; rank 3 of 9; magnitudes far from 1.
      .diagonal([4, 4, 4, 4, 4]),
      .diagonal([0, 0, 0]),
      DenseMatrix(rows: 7, columns: 7) { Double(($0 + 1) * ($1 + 1)) },
      DenseMatrix(rows: 9, columns: 9) { $0 % 3 == $1 % 3 ? 1 : 0 },
      DenseMatrix(rows: 4, columns: 4) { 1e-12 / Double($0 + $1 + 1) },
    ]

  @Test(arguments: matrices, products)
  func eigenvectorsRebuildTheMatrix(matrix: DenseMatrix, product: MatrixProduct) throws {
    let eigen = try Decomposition.symmetricEigen(matrix.rounded, order: matrix.rows, by: product)
    let vectors = DenseMatrix(eigen.vectors, rows: eigen.order, columns: eigen.order)
    let rebuilt = vectors.transposed * .diagonal(eigen.values.map(Double.init)) * vectors
    let exact = DenseMatrix(matrix.rounded, rows: matrix.rows, columns: matrix.rows)
    expectClose(
      rebuilt.rounded, exact.elements, relativeTo: .one,
      tolerance: DenseMatrix.tolerance(size: eigen.order) * exact.norm)
  }

  @Test(arguments: matrices, products)
  func eigenvectorsAreOrthonormalAndValuesAscend(matrix: DenseMatrix, product: MatrixProduct) throws {
    let eigen = try Decomposition.symmetricEigen(matrix.rounded, order: matrix.rows, by: product)
    let vectors = DenseMatrix(eigen.vectors, rows: eigen.order, columns: eigen.order)
    expectClose(
      (vectors * vectors.transposed).rounded,
      DenseMatrix.diagonal([Double](repeating: 1, count: eigen.order)).elements,
      relativeTo: .one, tolerance: DenseMatrix.tolerance(size: eigen.order))
    #expect(eigen.values == eigen.values.sorted())
    #expect(eigen.values.count == matrix.rows)
  }

  @Test(arguments: matrices, products)
  func theLargestAloneEqualThoseOfAll(matrix: DenseMatrix, product: MatrixProduct) throws {
    let all = try Decomposition.symmetricEigen(matrix.rounded, order: matrix.rows, by: product)
    let count = (matrix.rows + 1) / 2
    let some = try Decomposition.symmetricEigen(matrix.rounded, order: matrix.rows, largest: count, by: product)
    #expect(some.values.count == count && some.vectors.count == count * matrix.rows)
    let exact = DenseMatrix(matrix.rounded, rows: matrix.rows, columns: matrix.rows)
    let tolerance = DenseMatrix.tolerance(size: matrix.rows) * exact.norm
    expectClose(some.values, all.values.suffix(count).map(Double.init), relativeTo: .one, tolerance: tolerance)
    // V · S = diag(values) · V: also where an eigenspace has more than one dimension.
    let vectors = DenseMatrix(some.vectors, rows: count, columns: matrix.rows)
    expectClose(
      (vectors * exact).rounded, (.diagonal(some.values.map(Double.init)) * vectors).elements, relativeTo: .one,
      tolerance: tolerance)
  }

  @Test func aSmallMatrixHasKnownValuesAndItsLowerTriangleIsIgnored() throws {
    let eigen = try Decomposition.symmetricEigen([2, 1, .infinity.nextDown, 2], order: 2)
    let half = 0.5.squareRoot()
    let tolerance = 2 * Double(Float.ulpOfOne)
    expectClose(eigen.values, [1, 3], tolerance: tolerance)
    // Rows are eigenvectors, (1, -1)/√2 and (1, 1)/√2, each up to its sign.
    let (first, second) = (eigen.vectors[0] < 0 ? -1 : 1, eigen.vectors[2] < 0 ? -1 : 1) as (Float, Float)
    expectClose(eigen.vectors[..<2].map { $0 * first }, [half, -half], tolerance: tolerance)
    expectClose(eigen.vectors[2...].map { $0 * second }, [half, half], tolerance: tolerance)
  }

  @Test func anEmptyMatrixHasNoEigenvalues() throws {
    let eigen = try Decomposition.symmetricEigen([], order: 0)
    #expect(eigen.values == [] && eigen.vectors == [])
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func infinitiesAndNaNAreRejected(value: Float) throws {
    let error = #expect(throws: LAPACKError.self) {
      try Decomposition.symmetricEigen([1, value, value, 1], order: 2)
    }
    #expect(try #require(error) == LAPACKError(routine: "ssyevr", info: -6))
  }
}
