internal import Support
package import LinearAlgebra

/// The directions of greatest variance of a set of points: the first eigenvectors of their covariance, by LAPACK (Pearson 1901).
package struct PrincipalComponents: Sendable {
  /// The points in the new coordinates, `[points][components]`, relative to their mean.
  package let coordinates: [Float]
  /// The share of the variance along each component, in descending order, 0…1.
  package let shares: [Double]

  /// Computes the principal components of some points.
  ///
  /// Signs are chosen so that each direction's largest element is positive. So the same points give the same picture.
  ///
  /// - Parameters:
  ///   - points: `[points][dimensions]`, all finite.
  ///   - dimensions: The number of coordinates of a point.
  ///   - count: The number of components, at most `dimensions`.
  /// - Throws: `LAPACKError` if an element is not finite or the iteration does not converge.
  package init(_ points: [Float], dimensions: Int, count: Int) throws(LAPACKError) {
    require(
      dimensions > 0 && points.count % dimensions == 0 && count <= dimensions,
      "PrincipalComponents: \(points.count) numbers cannot be points of \(dimensions) dimensions with \(count) components"
    )
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
    // Scaled by a power of two, which changes no digit: products of very large features would overflow.
    let largest = centered.reduce(0) { max($0, $1.magnitude) }
    let scale: Float =
      largest.isNormal && largest.isFinite ? Float(sign: .plus, exponent: largest.exponent, significand: 1) : 1
    for place in centered.indices { centered[place] /= scale }
    // With fewer points than dimensions, the matrix of the points' inner products has the same eigenvalues as the covariance and is smaller.
    let isWide = rows < dimensions
    let order = min(rows, dimensions)
    var products = [Float](repeating: 0, count: order * order)
    var target = products.mutableSpan
    MatrixProduct.blas.multiply(
      m: order, n: order, k: isWide ? dimensions : rows, alpha: 1 / Float(max(1, rows - 1)), centered.span,
      transposeA: !isWide, leadingDimensionA: dimensions, centered.span, transposeB: isWide,
      leadingDimensionB: dimensions, into: &target, leadingDimensionC: order)
    let variance = (0..<order).reduce(0.0) { $0 + Double(products[$1 * order + $1]) }
    let found = min(count, order)
    let eigen = try Decomposition.symmetricEigen(products, order: order, largest: found)
    shares = (0..<count).map { place in
      place < found && variance > 0 ? max(0, Double(eigen.values[found - 1 - place])) / variance : 0
    }

    var directions = [Float](repeating: 0, count: count * dimensions)
    for place in 0..<found {
      let vector = Array(eigen.vectors[(found - 1 - place) * order..<(found - place) * order])
      let direction = isWide ? Self.combined(centered, dimensions: dimensions, weights: vector) : vector
      let largest = direction.reduce(0 as Float) { $1.magnitude > $0.magnitude ? $1 : $0 }
      for (column, value) in direction.enumerated() {
        directions[place * dimensions + column] = largest < 0 ? -value : value
      }
    }
    var coordinates = [Float](repeating: 0, count: rows * count)
    var span = coordinates.mutableSpan
    MatrixProduct.blas.multiply(
      m: rows, n: count, k: dimensions, centered.span, leadingDimensionA: dimensions, directions.span,
      transposeB: true, leadingDimensionB: dimensions, into: &span, leadingDimensionC: count)
    self.coordinates = coordinates.map { $0 * scale }
  }

  /// The weighted sum of the points, normalized; zeros if it is zero.
  private static func combined(_ points: [Float], dimensions: Int, weights: [Float]) -> [Float] {
    var sum = [Double](repeating: 0, count: dimensions)
    for (row, weight) in weights.enumerated() {
      for column in 0..<dimensions { sum[column] += Double(weight) * Double(points[row * dimensions + column]) }
    }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { length > 0 ? Float($0 / length) : 0 }
  }
}
