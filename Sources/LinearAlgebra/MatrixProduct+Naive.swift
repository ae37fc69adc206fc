internal import Support

extension MatrixProduct {
  /// The product by plain loops, one multiplication and one addition at a time, in a fixed order.
  ///
  /// Element (i, p) of op(A) is at `i * rowStepA + p * columnStepA`, so a transposed A needs no separate loop. A
  /// transposed B does, because the innermost loop should run along a stored row of B.
  func multiplyNaively(
    m: Int, n: Int, k: Int, alpha: Float,
    _ a: Span<Float>, transposeA: Bool, leadingDimensionA: Int,
    _ b: Span<Float>, transposeB: Bool, leadingDimensionB: Int,
    beta: Float, into c: inout MutableSpan<Float>, leadingDimensionC: Int
  ) {
    let rowStepA = transposeA ? 1 : leadingDimensionA
    let columnStepA = transposeA ? leadingDimensionA : 1
    scale(&c, rows: m, columns: n, leadingDimension: leadingDimensionC, by: beta)

    for i in 0..<m {
      var row = c.part(i * leadingDimensionC..<i * leadingDimensionC + n)
      if transposeB {
        // i-j-k: row j of the stored B is column j of op(B), and c(i, j) is one inner product.
        for j in 0..<n {
          let rowB = b.extracting(j * leadingDimensionB..<j * leadingDimensionB + k)
          var sum: Float = 0
          for p in 0..<k { sum += a[i * rowStepA + p * columnStepA] * rowB[p] }
          row[j] += alpha * sum
        }
      } else {
        // i-k-j: row i of C gathers multiples of the rows of B.
        for p in 0..<k {
          let factor = alpha * a[i * rowStepA + p * columnStepA]
          let rowB = b.extracting(p * leadingDimensionB..<p * leadingDimensionB + n)
          for j in 0..<n { row[j] += factor * rowB[j] }
        }
      }
    }
  }

  /// Computes C ← beta · C; beta = 0 overwrites everything in C, including NaN.
  func scale(_ c: inout MutableSpan<Float>, rows: Int, columns: Int, leadingDimension: Int, by beta: Float) {
    if beta == 1 { return }
    for i in 0..<rows {
      for j in 0..<columns {
        let index = i * leadingDimension + j
        c[index] = beta == 0 ? 0 : beta * c[index]
      }
    }
  }
}
