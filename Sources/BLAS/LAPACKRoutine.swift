internal import CLAPACKE

/// The LAPACK routines that the decompositions use, each returning LAPACK's result code (0: done).
///
/// The callers have checked that the arrays match the sizes and that the sizes fit LAPACK's integers.
enum LAPACKRoutine {
  /// `ssyev`: replaces a symmetric matrix `[n, n]` by its eigenvectors, one per row, and writes its eigenvalues.
  static func symmetricEigen(_ matrix: inout [Float], order: Int, values: inout [Float]) -> Int {
    BLASLibrary.prepare()
    // A symmetric matrix reads the same column-major, and vectors that LAPACK writes as columns are then rows to us: no
    // transposed copy. For the same reason LAPACK's lower triangle is our upper one.
    return unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe Int(
          LAPACKE_ssyev(
            LAPACK_COL_MAJOR, letter("V"), letter("L"), numericCast(order),
            matrix.baseAddress, numericCast(order), values.baseAddress))
      }
    }
  }

  /// `sgeqrf`: replaces a matrix `[m, n]` by R, on and above the diagonal, and the reflectors that make Q, below it.
  static func factor(_ matrix: inout [Float], rows: Int, columns: Int, reflectors: inout [Float]) -> Int {
    BLASLibrary.prepare()
    return unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe reflectors.withUnsafeMutableBufferPointer { reflectors in
        unsafe Int(
          LAPACKE_sgeqrf(
            LAPACK_ROW_MAJOR, numericCast(rows), numericCast(columns),
            matrix.baseAddress, numericCast(columns), reflectors.baseAddress))
      }
    }
  }

  /// `sorgqr`: replaces what `factor` left by the columns of Q, `[m, n]`.
  static func expand(_ matrix: inout [Float], rows: Int, columns: Int, reflectors: [Float]) -> Int {
    BLASLibrary.prepare()
    return unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe reflectors.withUnsafeBufferPointer { reflectors in
        unsafe Int(
          LAPACKE_sorgqr(
            LAPACK_ROW_MAJOR, numericCast(rows), numericCast(columns), numericCast(columns),
            matrix.baseAddress, numericCast(columns), reflectors.baseAddress))
      }
    }
  }

  /// An option as LAPACK spells it: one ASCII letter.
  private static func letter(_ option: Unicode.Scalar) -> CChar {
    CChar(truncatingIfNeeded: option.value)
  }
}
