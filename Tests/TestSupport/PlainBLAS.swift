internal import Foundation

/// A BLAS of plain loops, in a shared library under OpenBLAS's name, as some systems install another BLAS in its place.
public enum PlainBLAS {
  /// The behavior.
  public enum Behavior: String, CaseIterable, Sendable {
    /// Computes products as they are defined.
    case right
    /// Computes them wrong: one number of each product is off by one.
    case wrong
  }

  /// Whether a C compiler is available to build it.
  public static var canBeMade: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/cc") }

  /// The comment of skipped tests.
  public static let absence = "there is no C compiler at /usr/bin/cc"

  /// Builds the library in a folder, for use in `LD_LIBRARY_PATH`; returns the library's path.
  @discardableResult
  public static func make(_ behavior: Behavior, in folder: TemporaryFolder) throws -> String {
    let source = try folder.write(code(offset: behavior == .wrong ? 1 : 0), to: "blas.c")
    let library = folder("libopenblas.so.0")
    let outcome = try FinishedProgram("/usr/bin/cc", ["-O1", "-shared", "-fPIC", "-o", library, source])
    guard outcome.status == 0 else { throw Failure(text: outcome.error) }
    return library
  }

  /// An error of the compiler.
  private struct Failure: Error { let text: String }

  // Rows are 101, transposed is 112, in all libraries of this interface.
  private static func code(offset: Int) -> String {
    """
    void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                     const float *b, int ldb, float beta, float *c, int ldc) {
      (void)order;
      for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
          float sum = 0;
          for (int p = 0; p < k; p++)
            sum += (transpose_a == 112 ? a[p * lda + i] : a[i * lda + p]) * (transpose_b == 112 ? b[j * ldb + p] : b[p * ldb + j]);
          c[i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * ldc + j]);
        }
      c[0] += \(offset);
    }
    """
  }
}
