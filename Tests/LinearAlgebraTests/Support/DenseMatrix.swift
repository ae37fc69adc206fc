import Testing

/// A matrix in double precision, with the few operations that express the properties of a decomposition.
struct DenseMatrix: CustomTestStringConvertible, Sendable {
  let rows: Int
  let columns: Int
  /// Row-major, without gaps.
  let elements: [Double]

  init(rows: Int, columns: Int, _ element: (_ row: Int, _ column: Int) -> Double) {
    (self.rows, self.columns) = (rows, columns)
    elements = (0..<rows).flatMap { row in (0..<columns).map { element(row, $0) } }
  }

  init(_ elements: [Float], rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns) { Double(elements[$0 * columns + $1]) }
  }

  static func diagonal(_ values: [Double]) -> DenseMatrix {
    DenseMatrix(rows: values.count, columns: values.count) { $0 == $1 ? values[$0] : 0 }
  }

  var testDescription: String { "\(rows)×\(columns), norm \(norm)" }

  subscript(row: Int, column: Int) -> Double { elements[row * columns + column] }

  var transposed: DenseMatrix { DenseMatrix(rows: columns, columns: rows) { self[$1, $0] } }

  /// The accepted error of a decomposition whose larger side is `size`, relative to the norm of the matrix.
  ///
  /// LAPACK measures residuals in units of size · ulp · norm; its own tests accept ratios of 30 and more. These
  /// matrices stay below 1 with one set of kernels: 5 allows for the others, but not for a wrong element.
  static func tolerance(size: Int) -> Double { 5 * Double(size) * Double(Float.ulpOfOne) }

  /// The square root of the sum of squares: at least as large as the largest stretch of any vector.
  var norm: Double { elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  var rounded: [Float] { elements.map(Float.init) }

  static func * (left: DenseMatrix, right: DenseMatrix) -> DenseMatrix {
    DenseMatrix(rows: left.rows, columns: right.columns) { row, column in
      (0..<left.columns).reduce(0) { $0 + left[row, $1] * right[$1, column] }
    }
  }
}
