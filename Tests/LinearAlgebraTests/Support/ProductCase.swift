import LinearAlgebra

/// One product: its operands as a caller stores them, and its exact result.
///
/// The operands are drawn as op(A), op(B) and C without gaps, and only then stored (transposed, with gaps), so the
/// reference shares no index arithmetic with the code under test.
struct ProductCase: CustomStringConvertible {
  let shape: ProductShape
  let transposeA: Bool
  let transposeB: Bool
  let alpha: Float
  let beta: Float
  /// Unused elements between the stored rows.
  let gap: Int
  /// op(A), `[m, k]`.
  private let a: [Float]
  /// op(B), `[k, n]`.
  private let b: [Float]
  /// C before the product, `[m, n]`.
  private let c: [Float]

  /// Draws the operands from a source of numbers: `numbers(count)`.
  init(
    _ shape: ProductShape, transposeA: Bool = false, transposeB: Bool = false, alpha: Float = 1, beta: Float = 0,
    gap: Int = 0, numbers: (Int) -> [Float]
  ) {
    self.shape = shape
    (self.transposeA, self.transposeB, self.alpha, self.beta, self.gap) = (transposeA, transposeB, alpha, beta, gap)
    a = numbers(shape.m * shape.k)
    b = numbers(shape.k * shape.n)
    // Numbers that must not be read are NaN, which would show in the result.
    c = beta == 0 ? [Float](repeating: .nan, count: shape.m * shape.n) : numbers(shape.m * shape.n)
  }

  var description: String {
    "\(shape) A\(transposeA ? "ᵀ" : "") B\(transposeB ? "ᵀ" : "") alpha \(alpha) beta \(beta) gap \(gap)"
  }

  /// The expected C, `[m, n]`, in double precision.
  var reference: [Double] { accumulate { $0 } }

  /// Σ of the magnitudes of all terms of each element of C; rounding errors are proportional to it.
  var magnitude: [Double] { accumulate(\.magnitude) }

  /// The largest error, relative to `magnitude`, of any order of additions in single precision.
  ///
  /// A term a·b is rounded when multiplied by b and by alpha, in at most k additions, and in the one to beta · C; a
  /// method that adds blocks of k to C rounds no term more often. So (1 + u)^(k + 3) − 1 ≤ (k + 3)u / (1 − (k + 3)u)
  /// bounds it, u being half the distance from 1 to the next number. Source: N. Higham, Accuracy and Stability of
  /// Numerical Algorithms, lemma 3.1.
  var tolerance: Double {
    let roundings = Double(shape.k + 3) * Double(Float.ulpOfOne) / 2
    return roundings / (1 - roundings)
  }

  /// Computes the product. Returns C `[m, n]` without the gaps, and whether the gaps and the elements after the last row kept their bits.
  func run(_ product: MatrixProduct) -> (result: [Float], guardsKept: Bool) {
    let storedA = store(transposeA ? transposed(a, rows: shape.m) : a, columns: transposeA ? shape.m : shape.k)
    let storedB = store(transposeB ? transposed(b, rows: shape.k) : b, columns: transposeB ? shape.k : shape.n)
    let leadingDimensionC = shape.n + gap
    let before = store(c, columns: shape.n) + (0..<5).map(guardValue)
    var after = before
    var span = after.mutableSpan
    product.multiply(
      m: shape.m, n: shape.n, k: shape.k, alpha: alpha,
      storedA.span, transposeA: transposeA, leadingDimensionA: (transposeA ? shape.m : shape.k) + gap,
      storedB.span, transposeB: transposeB, leadingDimensionB: (transposeB ? shape.k : shape.n) + gap,
      beta: beta, into: &span, leadingDimensionC: leadingDimensionC)

    let isInside = after.indices.map { $0 / leadingDimensionC < shape.m && $0 % leadingDimensionC < shape.n }
    return (
      after.indices.filter { isInside[$0] }.map { after[$0] },
      after.indices.allSatisfy { isInside[$0] || after[$0].bitPattern == before[$0].bitPattern }
    )
  }

  /// alpha · Σ op(A) · op(B) + beta · C with every factor passed through a function.
  private func accumulate(_ function: (Double) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: shape.m * shape.n)
    for i in 0..<shape.m {
      for p in 0..<shape.k {
        let factor = function(Double(alpha)) * function(Double(a[i * shape.k + p]))
        for j in 0..<shape.n { sums[i * shape.n + j] += factor * function(Double(b[p * shape.n + j])) }
      }
    }
    if beta != 0 {
      for index in sums.indices { sums[index] += function(Double(beta)) * function(Double(c[index])) }
    }
    return sums
  }

  /// A matrix with guard values between its rows, and none behind the last: the shortest span that holds it.
  private func store(_ matrix: [Float], columns: Int) -> [Float] {
    var stored: [Float] = []
    for start in stride(from: 0, to: matrix.count, by: columns) {
      if start > 0 { stored += (0..<gap).map(guardValue) }
      stored += matrix[start..<start + columns]
    }
    return stored
  }

  /// A NaN that is easy to notice and whose bits say where it was.
  private func guardValue(_ index: Int) -> Float {
    Float(bitPattern: Float.nan.bitPattern | UInt32(truncatingIfNeeded: index + 1))
  }

  private func transposed(_ matrix: [Float], rows: Int) -> [Float] {
    let columns = matrix.count / rows
    return (0..<columns).flatMap { column in (0..<rows).map { matrix[$0 * columns + column] } }
  }
}
