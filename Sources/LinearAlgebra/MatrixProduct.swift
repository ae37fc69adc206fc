/// Which implementation computes a matrix product.
///
/// All have the same interface, checks and meaning; they differ in speed and in the order of additions, and therefore
/// in the last bits. Each gives the same bits for the same call on any thread.
public enum MatrixProduct: String, CaseIterable, Codable, Sendable {
  /// OpenBLAS, on the calling thread.
  case blas

  /// Our own kernels: the same bits on every processor with fused multiply-add, for any vector width.
  case portable

  /// Plain loops: the reference for tests and the baseline for measurements.
  case naive

  /// Computes C ← alpha · op(A) · op(B) + beta · C on row-major matrices.
  ///
  /// Shapes: op(A) `[m, k]`, op(B) `[k, n]` → C `[m, n]`, where op(X) is X, or Xᵀ if X is stored transposed. A is thus
  /// stored as `[m, k]` or `[k, m]`, and B as `[k, n]` or `[n, k]`.
  ///
  /// With m = 0 or n = 0 nothing happens. With k = 0 or alpha = 0 the result is beta · C, regardless of A and B. With
  /// beta = 0 the result overwrites everything in C, including NaN. The gaps between the rows of C stay unchanged.
  ///
  /// - Parameters:
  ///   - m: The rows of op(A) and of C.
  ///   - n: The columns of op(B) and of C.
  ///   - k: The columns of op(A) and the rows of op(B).
  ///   - alpha: The factor of the product.
  ///   - a: The elements of A.
  ///   - transposeA: Whether A is stored as `[k, m]`.
  ///   - leadingDimensionA: Elements from one stored row of A to the next.
  ///   - b: The elements of B.
  ///   - transposeB: Whether B is stored as `[n, k]`.
  ///   - leadingDimensionB: Elements from one stored row of B to the next.
  ///   - beta: The factor of the previous C.
  ///   - c: The elements of C.
  ///   - leadingDimensionC: Elements from one row of C to the next.
  /// - Precondition: Sizes and leading dimensions are at most `Int32.max`; sizes are not negative; a leading dimension
  ///   is at least 1 and at least the length of a stored row; a span with `rows` stored rows of `columns` elements has
  ///   at least `(rows - 1) * leadingDimension + columns` elements.
  public func multiply(
    m: Int, n: Int, k: Int, alpha: Float = 1,
    _ a: Span<Float>, transposeA: Bool = false, leadingDimensionA: Int,
    _ b: Span<Float>, transposeB: Bool = false, leadingDimensionB: Int,
    beta: Float = 0, into c: inout MutableSpan<Float>, leadingDimensionC: Int
  ) {
    multiply(
      m: m, n: n, k: k, alpha: alpha, a, transposeA: transposeA, leadingDimensionA: leadingDimensionA, b,
      transposeB: transposeB, leadingDimensionB: leadingDimensionB, beta: beta, into: &c,
      leadingDimensionC: leadingDimensionC, then: Epilogue())
  }

  /// The same, followed by an epilogue for each value of C, applied in a register if the implementation can.
  @inline(__always)
  package func multiply(
    m: Int, n: Int, k: Int, alpha: Float = 1,
    _ a: Span<Float>, transposeA: Bool = false, leadingDimensionA: Int,
    _ b: Span<Float>, transposeB: Bool = false, leadingDimensionB: Int,
    beta: Float = 0, into c: inout MutableSpan<Float>, leadingDimensionC: Int, then epilogue: borrowing Epilogue
  ) {
    MatrixArgument.checkSizes(m: m, n: n, k: k)
    MatrixArgument(
      name: "A", rows: transposeA ? k : m, columns: transposeA ? m : k,
      leadingDimension: leadingDimensionA, count: a.count
    ).check()
    MatrixArgument(
      name: "B", rows: transposeB ? n : k, columns: transposeB ? k : n,
      leadingDimension: leadingDimensionB, count: b.count
    ).check()
    MatrixArgument(
      name: "C", rows: m, columns: n, leadingDimension: leadingDimensionC, count: c.count
    ).check()

    if m == 0 || n == 0 { return }
    // With alpha = 0 the library is not called: it may multiply by 0, and 0 · ∞ is NaN.
    if k == 0 || alpha == 0 {
      scale(&c, rows: m, columns: n, leadingDimension: leadingDimensionC, by: beta)
      return epilogue.finish(&c, rows: m, columns: n, stride: leadingDimensionC)
    }
    switch self {
    case .blas:
      multiplyByOpenBLAS(
        m: m, n: n, k: k, alpha: alpha,
        a, transposeA: transposeA, leadingDimensionA: leadingDimensionA,
        b, transposeB: transposeB, leadingDimensionB: leadingDimensionB,
        beta: beta, into: &c, leadingDimensionC: leadingDimensionC)
      epilogue.finish(&c, rows: m, columns: n, stride: leadingDimensionC)
    case .portable:
      multiplyPortably(
        m: m, n: n, k: k, alpha: alpha,
        a, transposeA: transposeA, leadingDimensionA: leadingDimensionA,
        b, transposeB: transposeB, leadingDimensionB: leadingDimensionB,
        beta: beta, into: &c, leadingDimensionC: leadingDimensionC, then: epilogue)
    case .naive:
      multiplyNaively(
        m: m, n: n, k: k, alpha: alpha,
        a, transposeA: transposeA, leadingDimensionA: leadingDimensionA,
        b, transposeB: transposeB, leadingDimensionB: leadingDimensionB,
        beta: beta, into: &c, leadingDimensionC: leadingDimensionC)
      epilogue.finish(&c, rows: m, columns: n, stride: leadingDimensionC)
    }
  }
}
