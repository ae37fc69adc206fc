internal import Support

/// Decompositions of a matrix, by LAPACK.
///
/// All matrices are row-major without gaps between rows.
public enum Decomposition {
  /// Computes eigenvalues and eigenvectors of a symmetric matrix: all, or the largest, which take a fraction of the time.
  ///
  /// Shapes: matrix `[n, n]` → values `[count]`, ascending, and vectors `[count, n]`, one per row. LAPACK routine: `ssyevr`.
  ///
  /// - Parameters:
  ///   - matrix: The elements, all finite. Only the diagonal and the upper triangle are used.
  ///   - order: The number of rows and of columns, n.
  ///   - count: The number of eigenvalues, from the largest; nil for all.
  ///   - product: With `.blas`, LAPACK computes; otherwise our own `JacobiEigen`, whose bits are the same everywhere.
  /// - Precondition: `order` is 0 to `Int32.max`, `matrix` has n · n elements, and `count` is 0 to n.
  /// - Throws: `LAPACKError` if an element is not finite, memory is short, or the iteration does not converge.
  public static func symmetricEigen(
    _ matrix: [Float], order: Int, largest count: Int? = nil, by product: MatrixProduct = .blas
  ) throws(LAPACKError) -> SymmetricEigen {
    checkShape("symmetricEigen", count: matrix.count, rows: order, columns: order)
    let count = count ?? order
    require(0...order ~= count, "symmetricEigen: expected a count of 0 to \(order), found \(count)")
    if count == 0 { return SymmetricEigen(order: order, values: [], vectors: []) }
    let failure = "the iteration did not converge; scale the matrix or check how it was made"
    try checkFinite(matrix, routine: "ssyevr", argument: 6)

    guard product == .blas else {
      let all = JacobiEigen.decompose(matrix, order: order)
      return SymmetricEigen(
        order: order, values: all.values.suffix(count).map { Float($0) },
        vectors: all.vectors.suffix(count).flatMap { $0.map { Float($0) } })
    }

    // The routine destroys the matrix, and needs memory for all values.
    var work = matrix
    var values = [Float](repeating: 0, count: order)
    var vectors = [Float](repeating: 0, count: count * order)
    let info = LAPACKRoutine.symmetricEigen(&work, order: order, count: count, values: &values, vectors: &vectors)
    if info != 0 { throw LAPACKError(routine: "ssyevr", info: info, failure: failure) }
    return SymmetricEigen(order: order, values: Array(values[..<count]), vectors: vectors)
  }

  /// Computes orthonormal columns that span the columns of a matrix: the factor Q of A = Q · R with R's diagonal ≥ 0.
  ///
  /// Shapes: matrix `[m, n]`, m ≥ n → Q `[m, n]`, with Qᵀ · Q = I. LAPACK routines: `sgeqrf`, `sorgqr`.
  ///
  /// Fixing R's signs makes the factorization unique where A has full rank, so that a matrix of independent normal
  /// numbers gives a Q that is uniformly distributed (Haar measure) and depends on those numbers only. If columns of A
  /// are linearly dependent, Q is still orthonormal, and LAPACK chooses those columns.
  ///
  /// Source: F. Mezzadri, How to generate random matrices from the classical compact groups, Notices of the AMS 54
  /// (2007).
  ///
  /// - Parameters:
  ///   - matrix: The elements of A.
  ///   - rows: The number of rows, m.
  ///   - columns: The number of columns, n.
  ///   - product: With `.blas`, LAPACK computes; otherwise our own `GramSchmidt`, whose bits are the same everywhere.
  /// - Precondition: m and n are 0 to `Int32.max`, m ≥ n, and `matrix` has m · n elements.
  /// - Throws: `LAPACKError` if an element is not finite or memory is short.
  public static func orthonormalColumns(
    _ matrix: [Float], rows: Int, columns: Int, by product: MatrixProduct = .blas
  ) throws(LAPACKError) -> [Float] {
    checkShape("orthonormalColumns", count: matrix.count, rows: rows, columns: columns)
    require(
      rows >= columns,
      "orthonormalColumns: expected at least as many rows as columns, found \(rows)×\(columns); pass the transpose")
    if columns == 0 { return [] }
    try checkFinite(matrix, routine: "sgeqrf", argument: 4)
    guard product == .blas else { return GramSchmidt.orthonormalColumns(matrix, rows: rows, columns: columns) }

    var factors = matrix
    var reflectors = [Float](repeating: 0, count: columns)
    let factored = LAPACKRoutine.factor(&factors, rows: rows, columns: columns, reflectors: &reflectors)
    if factored != 0 { throw LAPACKError(routine: "sgeqrf", info: factored) }
    // R is on and above the diagonal until Q replaces it.
    let signs = (0..<columns).map { column in factors[column * columns + column] < 0 ? -1 : 1 as Float }
    let expanded = LAPACKRoutine.expand(&factors, rows: rows, columns: columns, reflectors: reflectors)
    if expanded != 0 { throw LAPACKError(routine: "sorgqr", info: expanded) }
    for row in 0..<rows {
      for column in 0..<columns { factors[row * columns + column] *= signs[column] }
    }
    return factors
  }

  /// Rejects a shape that does not fit LAPACK's integers or the number of elements.
  private static func checkShape(_ function: StaticString, count: Int, rows: Int, columns: Int) {
    let sizes = 0...Int(Int32.max)
    require(
      sizes ~= rows && sizes ~= columns,
      "\(function): expected sizes of 0 to \(sizes.upperBound), found \(rows)×\(columns)")
    require(
      count == rows * columns,
      "\(function): expected \(rows * columns) elements for a matrix of \(rows)×\(columns), found \(count)")
  }

  /// Rejects an infinite or NaN element, with LAPACKE's code for NaN.
  ///
  /// LAPACKE's own check can be switched off in the environment, and it accepts infinities.
  private static func checkFinite(
    _ matrix: [Float], routine: String, argument: Int
  ) throws(LAPACKError) {
    guard matrix.allSatisfy(\.isFinite) else {
      throw LAPACKError(routine: routine, info: -argument)
    }
  }
}
