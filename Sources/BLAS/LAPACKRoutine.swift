internal import CLAPACKE

/// The LAPACK routines that the decompositions use, each returning LAPACK's result code (0: done).
///
/// The callers have checked that the arrays match the sizes and that the sizes fit LAPACK's integers.
enum LAPACKRoutine {
  /// `ssyevr`: writes the largest eigenvalues of a symmetric matrix `[n, n]`, from the smaller to the larger, to the first places of
  /// `values`, which has room for n, and their eigenvectors, one per row. The matrix is destroyed.
  static func symmetricEigen(
    _ matrix: inout [Float], order: Int, count: Int, values: inout [Float], vectors: inout [Float]
  ) -> Int {
    BLASLibrary.prepare()
    var found: Int32 = 0
    var support = [Int32](repeating: 0, count: 2 * count)
    // A symmetric matrix reads the same column-major, and vectors that LAPACK writes as columns are then rows to us: no
    // transposed copy. For the same reason LAPACK's lower triangle is our upper one. The bounds of values count only for another
    // range, and a tolerance of 0 is LAPACK's own.
    let info = unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe vectors.withUnsafeMutableBufferPointer { vectors in
          unsafe support.withUnsafeMutableBufferPointer { support in
            unsafe Int(
              LAPACKE_ssyevr(
                LAPACK_COL_MAJOR, letter("V"), letter("I"), letter("L"), numericCast(order), matrix.baseAddress,
                numericCast(order), 0, 0, numericCast(order - count + 1), numericCast(order), 0, &found,
                values.baseAddress, vectors.baseAddress, numericCast(order), support.baseAddress))
          }
        }
      }
    }
    return info == 0 && Int(found) != count ? 1 : info
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
