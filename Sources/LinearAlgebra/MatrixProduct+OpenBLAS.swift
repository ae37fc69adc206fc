internal import CBLAS

/// `cblas_sgemm`, as `cblas.h` declares it: order; transpositions of A and B; m, n, k; alpha; A, B, beta and C with
/// their strides.
typealias ProductRoutine =
  @convention(c) (
    CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, blasint, blasint, blasint, Float, UnsafePointer<Float>?, blasint,
    UnsafePointer<Float>?, blasint, Float, UnsafeMutablePointer<Float>?, blasint
  ) -> Void

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
          LoadedBLAS.call { library in
            unsafe library.sgemm?(
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
