internal import CBLAS

extension MatrixProduct {
  /// The product by `cblas_sgemm`.
  ///
  /// If an argument is wrong, OpenBLAS prints a line, leaves C unchanged and returns normally. So `multiply` checks the
  /// arguments first, and every size fits `blasint`.
  @inline(__always)
  func multiplyByOpenBLAS(
    m: Int, n: Int, k: Int, alpha: Float,
    _ a: Span<Float>, transposeA: Bool, leadingDimensionA: Int,
    _ b: Span<Float>, transposeB: Bool, leadingDimensionB: Int,
    beta: Float, into c: inout MutableSpan<Float>, leadingDimensionC: Int
  ) {
    unsafe c.withUnsafeMutableBufferPointer { c in
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          LoadedBLAS.call {
            unsafe cblas_sgemm(
              CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
              blasint(truncatingIfNeeded: m), blasint(truncatingIfNeeded: n), blasint(truncatingIfNeeded: k),
              alpha, a.baseAddress, blasint(truncatingIfNeeded: leadingDimensionA),
              b.baseAddress, blasint(truncatingIfNeeded: leadingDimensionB),
              beta, c.baseAddress, blasint(truncatingIfNeeded: leadingDimensionC))
          }
        }
      }
    }
  }
}
