internal import LinearAlgebraProbe

/// The LAPACK routines that the decompositions use, each returning LAPACK's result code (0: done).
///
/// The callers have checked that the arrays match the sizes and that the sizes fit LAPACK's integers.
enum LAPACKRoutine {
  /// `ssyevr`: writes the largest eigenvalues of a symmetric matrix `[n, n]` in ascending order to the beginning of
  /// `values`, which must hold n, and their eigenvectors, one per row. The matrix is destroyed.
  static func symmetricEigen(
    _ matrix: inout [Float], order: Int, count: Int, values: inout [Float], vectors: inout [Float]
  ) -> Int {
    guard let routine = unsafe function("LAPACKE_ssyevr", SymmetricEigenRoutine.self) else {
      return LAPACKError.missingLibrary
    }
    var found: Int32 = 0
    var support = [Int32](repeating: 0, count: 2 * count)
    // A symmetric matrix is the same in column-major order, and vectors that LAPACK writes as columns are our rows, so
    // no transposed copy is needed. For the same reason, LAPACK's lower triangle is our upper one. The bounds of values
    // apply only to another range, and a tolerance of 0 selects LAPACK's default.
    let info = unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe vectors.withUnsafeMutableBufferPointer { vectors in
          unsafe support.withUnsafeMutableBufferPointer { support in
            LoadedBLAS.call { _ in
              unsafe Int(
                routine(
                  columnMajor, letter("V"), letter("I"), letter("L"), numericCast(order), matrix.baseAddress,
                  numericCast(order), 0, 0, numericCast(order - count + 1), numericCast(order), 0, &found,
                  values.baseAddress, vectors.baseAddress, numericCast(order), support.baseAddress))
            }
          }
        }
      }
    }
    return info == 0 && Int(found) != count ? 1 : info
  }

  /// `sgeqrf`: replaces a matrix `[m, n]` by R, on and above the diagonal, and the reflectors that make Q, below it.
  static func factor(_ matrix: inout [Float], rows: Int, columns: Int, reflectors: inout [Float]) -> Int {
    guard let routine = unsafe function("LAPACKE_sgeqrf", FactorRoutine.self) else { return LAPACKError.missingLibrary }
    return unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe reflectors.withUnsafeMutableBufferPointer { reflectors in
        LoadedBLAS.call { _ in
          unsafe Int(
            routine(
              rowMajor, numericCast(rows), numericCast(columns),
              matrix.baseAddress, numericCast(columns), reflectors.baseAddress))
        }
      }
    }
  }

  /// `sorgqr`: replaces the result of `factor` by the columns of Q, `[m, n]`.
  static func expand(_ matrix: inout [Float], rows: Int, columns: Int, reflectors: [Float]) -> Int {
    guard let routine = unsafe function("LAPACKE_sorgqr", ExpandRoutine.self) else { return LAPACKError.missingLibrary }
    return unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe reflectors.withUnsafeBufferPointer { reflectors in
        LoadedBLAS.call { _ in
          unsafe Int(
            routine(
              rowMajor, numericCast(rows), numericCast(columns), numericCast(columns),
              matrix.baseAddress, numericCast(columns), reflectors.baseAddress))
        }
      }
    }
  }

  /// A function of LAPACKE, which is loaded on first use; nil if it cannot be loaded. Its types are those of
  /// `lapacke.h`, with 32-bit integers.
  @unsafe private static func function<Function>(_ name: String, _ type: Function.Type) -> Function? {
    BLASLibrary.prepare()
    return unsafe probe_lapacke(name).map { unsafe unsafeBitCast($0, to: type) }
  }

  /// LAPACKE's codes for the two orders.
  private static let rowMajor: Int32 = 101
  private static let columnMajor: Int32 = 102

  /// An option as LAPACK spells it: one ASCII letter.
  private static func letter(_ option: Unicode.Scalar) -> CChar {
    CChar(truncatingIfNeeded: option.value)
  }
}

private typealias Floats = UnsafeMutablePointer<Float>
private typealias Integers = UnsafeMutablePointer<Int32>

/// Order, job, range, triangle, n, A and its stride, bounds of values and of indices, tolerance; found, values, vectors and their
/// stride, support.
private typealias SymmetricEigenRoutine =
  @convention(c) (
    Int32, CChar, CChar, CChar, Int32, Floats?, Int32, Float, Float, Int32, Int32, Float, Integers?, Floats?, Floats?,
    Int32,
    Integers?
  ) -> Int32

/// Order, m, n, A and its stride, reflectors.
private typealias FactorRoutine = @convention(c) (Int32, Int32, Int32, Floats?, Int32, Floats?) -> Int32

/// Order, m, n, reflectors, A and its stride, reflectors.
private typealias ExpandRoutine =
  @convention(c) (
    Int32, Int32, Int32, Int32, Floats?, Int32, UnsafePointer<Float>?
  ) -> Int32
