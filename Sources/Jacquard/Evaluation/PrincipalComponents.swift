package import BLAS

/// The directions in which points differ most: the first eigenvectors of their covariance, by LAPACK (Pearson 1901).
package struct PrincipalComponents: Sendable {
  /// The points in the new coordinates, `[points][components]`, around their mean.
  package let coordinates: [Float]
  /// The share of the variance that lies along each component, from the largest, 0…1.
  package let shares: [Double]

  /// Finds the components of some points.
  ///
  /// Their signs are such that each direction's largest element is positive, so the same points give the same picture.
  ///
  /// - Parameters:
  ///   - points: `[points][dimensions]`, all finite.
  ///   - dimensions: How many there are.
  ///   - count: How many components are wanted, at most `dimensions`.
  /// - Throws: `LAPACKError` if an element is not finite or the iteration does not converge.
  package init(_ points: [Float], dimensions: Int, count: Int) throws(LAPACKError) {
    require(
      dimensions > 0 && points.count % dimensions == 0 && count <= dimensions,
      "PrincipalComponents: \(points.count) numbers are no points of \(dimensions) dimensions with \(count) components")
    let rows = points.count / dimensions
    var centered = points
    for column in 0..<dimensions {
      let mean =
        stride(from: column, to: points.count, by: dimensions).reduce(0.0) { $0 + Double(points[$1]) }
        / Double(max(1, rows))
      for place in stride(from: column, to: points.count, by: dimensions) {
        centered[place] = Float(Double(points[place]) - mean)
      }
    }
    var covariance = [Float](repeating: 0, count: dimensions * dimensions)
    var target = covariance.mutableSpan
    MatrixProduct.blas.multiply(
      m: dimensions, n: dimensions, k: rows, alpha: 1 / Float(max(1, rows - 1)), centered.span, transposeA: true,
      leadingDimensionA: dimensions, centered.span, leadingDimensionB: dimensions, into: &target,
      leadingDimensionC: dimensions)
    let eigen = try Decomposition.symmetricEigen(covariance, order: dimensions)

    let total = eigen.values.reduce(0.0) { $0 + max(0, Double($1)) }
    let chosen = (0..<count).map { dimensions - 1 - $0 }
    shares = chosen.map { total > 0 ? max(0, Double(eigen.values[$0])) / total : 0 }
    var directions: [Float] = []
    for row in chosen {
      let direction = eigen.vectors[row * dimensions..<(row + 1) * dimensions]
      let largest = direction.reduce(0 as Float) { $1.magnitude > $0.magnitude ? $1 : $0 }
      directions += direction.map { largest < 0 ? -$0 : $0 }
    }
    var coordinates = [Float](repeating: 0, count: rows * count)
    var span = coordinates.mutableSpan
    MatrixProduct.blas.multiply(
      m: rows, n: count, k: dimensions, centered.span, leadingDimensionA: dimensions, directions.span,
      transposeB: true, leadingDimensionB: dimensions, into: &span, leadingDimensionC: count)
    self.coordinates = coordinates
  }
}
