/// The eigenvalues and eigenvectors of a symmetric matrix, or the largest of them: with all, S = Vᵀ · diag(values) · V, with the
/// eigenvectors as rows of V.
public struct SymmetricEigen: Equatable, Sendable {
  /// The number of rows and of columns, n.
  public let order: Int
  /// The eigenvalues in ascending order, `[count]`.
  public let values: [Float]
  /// The eigenvectors, `[count, n]` row-major: row i belongs to `values[i]`; rows have length 1 and are orthogonal.
  ///
  /// LAPACK chooses the sign of a row, and the basis of an eigenspace of more than one dimension.
  public let vectors: [Float]
}
