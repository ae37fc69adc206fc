internal import Support
internal import VectorKernels

/// The product by our own kernels, whose bits are the same on every processor with fused multiply-add.
///
/// An element of C is one chain of fused multiply-adds over k in ascending order that begins with beta · C, or with 0.
/// So it does not depend on m, n, the other rows or the vector width, and dividing k into parts that are added in order
/// changes nothing. If alpha is not 1, a copy of A is multiplied by it first.
extension MatrixProduct {
  func multiplyPortably(
    m: Int, n: Int, k: Int, alpha: Float,
    _ a: Span<Float>, transposeA: Bool, leadingDimensionA: Int,
    _ b: Span<Float>, transposeB: Bool, leadingDimensionB: Int,
    beta: Float, into c: inout MutableSpan<Float>, leadingDimensionC: Int, then epilogue: borrowing Epilogue
  ) {
    if beta != 0 { scale(&c, rows: m, columns: n, leadingDimension: leadingDimensionC, by: beta) }
    let scaled = alpha == 1 ? [] : a.indices.map { alpha * a[$0] }
    Self.multiplyPortably(
      m: m, n: n, k: k, alpha == 1 ? a : scaled.span, transposeA: transposeA, leadingDimensionA: leadingDimensionA,
      b, transposeB: transposeB, leadingDimensionB: leadingDimensionB, accumulates: beta != 0, into: &c,
      leadingDimensionC: leadingDimensionC, then: epilogue, instructions: .current)
  }

  /// C ← A · B, or C + A · B, then the epilogue; the caller has checked sizes and spans, which are not empty.
  ///
  /// - Parameter instructions: The instructions to use, out of those that the processor has; the bits are the same.
  package static func multiplyPortably(
    m: Int, n: Int, k: Int,
    _ a: Span<Float>, transposeA: Bool, leadingDimensionA: Int,
    _ b: Span<Float>, transposeB: Bool, leadingDimensionB: Int,
    accumulates: Bool, into c: inout MutableSpan<Float>, leadingDimensionC: Int, then epilogue: borrowing Epilogue,
    instructions: VectorInstructions
  ) {
    unsafe c.withUnsafeMutableBufferPointer { c in
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          var product = unsafe vk_product(
            m: m, n: n, k: k, a: a.baseAddress, rowStepA: transposeA ? 1 : leadingDimensionA,
            termStepA: transposeA ? leadingDimensionA : 1, b: b.baseAddress,
            termStepB: transposeB ? 1 : leadingDimensionB, columnStepB: transposeB ? leadingDimensionB : 1,
            c: c.baseAddress, rowStepC: leadingDimensionC, accumulates: accumulates ? 1 : 0, isPacked: 0)
          unsafe epilogue.withKernel(channels: n) { kernel in
            let kernel = epilogue.isIdentity ? nil : unsafe kernel
            let needed = unsafe vk_product_scratch(&product)
            guard needed > 0 else { return unsafe vk_multiply(instructions.level, &product, kernel, nil) }
            // A product that needs memory takes so long that the allocation does not matter.
            unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: needed) { scratch in
              unsafe vk_multiply(instructions.level, &product, kernel, scratch.baseAddress)
            }
          }
        }
      }
    }
  }

  /// Whether `multiplyAndPool` is available.
  package var pools: Bool { self == .portable }

  /// C `[m / 4, n]` ← a max pool of epilogue(A · B) over rows 4i … 4i + 3, before anything is stored.
  ///
  /// The bits are those of the product followed by a pool: the first of equal values wins, and NaN is kept.
  ///
  /// - Parameters:
  ///   - m: The rows of A, a multiple of 4 and at most `portableRows`.
  ///   - choices: The index of each maximum among its four values, in the layout of C.
  package func multiplyAndPool(
    m: Int, n: Int, k: Int, _ a: Span<Float>, leadingDimensionA: Int, _ b: Span<Float>, leadingDimensionB: Int,
    into c: inout MutableSpan<Float>, choices: inout MutableSpan<UInt8>, leadingDimensionC: Int,
    then epilogue: borrowing Epilogue
  ) {
    require(pools, "MatrixProduct: '\(rawValue)' cannot pool")
    Self.multiplyAndPool(
      m: m, n: n, k: k, a, leadingDimensionA: leadingDimensionA, b, leadingDimensionB: leadingDimensionB, into: &c,
      choices: &choices, leadingDimensionC: leadingDimensionC, then: epilogue, instructions: .current)
  }

  /// The same with given instructions.
  package static func multiplyAndPool(
    m: Int, n: Int, k: Int, _ a: Span<Float>, leadingDimensionA: Int, _ b: Span<Float>, leadingDimensionB: Int,
    into c: inout MutableSpan<Float>, choices: inout MutableSpan<UInt8>, leadingDimensionC: Int,
    then epilogue: borrowing Epilogue, instructions: VectorInstructions
  ) {
    MatrixArgument.checkSizes(m: m, n: n, k: k)
    require(
      m > 0 && n > 0 && k > 0 && m % 4 == 0 && m <= portableRows,
      "MatrixProduct: a pooled product must have 4, 8 … \(portableRows) rows, found \(m)×\(n)×\(k)")
    MatrixArgument(name: "A", rows: m, columns: k, leadingDimension: leadingDimensionA, count: a.count).check()
    MatrixArgument(name: "B", rows: k, columns: n, leadingDimension: leadingDimensionB, count: b.count).check()
    for (name, count) in [("C", c.count), ("choices", choices.count)] as [(StaticString, Int)] {
      MatrixArgument(name: name, rows: m / 4, columns: n, leadingDimension: leadingDimensionC, count: count).check()
    }
    unsafe c.withUnsafeMutableBufferPointer { c in
      unsafe choices.withUnsafeMutableBufferPointer { choices in
        unsafe a.withUnsafeBufferPointer { a in
          unsafe b.withUnsafeBufferPointer { b in
            var product = unsafe vk_product(
              m: m, n: n, k: k, a: a.baseAddress, rowStepA: leadingDimensionA, termStepA: 1, b: b.baseAddress,
              termStepB: leadingDimensionB, columnStepB: 1, c: c.baseAddress, rowStepC: leadingDimensionC,
              accumulates: 0, isPacked: 0)
            unsafe epilogue.withKernel(channels: n) { kernel in
              unsafe vk_multiply_and_pool(
                instructions.level, &product, epilogue.isIdentity ? nil : kernel, choices.baseAddress)
            }
          }
        }
      }
    }
  }

  /// Rows, or terms of a sum, up to which the portable product allocates no memory: whole tiles of 6, 8 and 12 rows.
  package static let portableRows = 96

  /// Whether the portable product allocates memory. Products of at most 96 rows, fewer than 128 terms or fewer than 256
  /// columns do not; training uses only such products.
  package static func portableNeedsMemory(m: Int, n: Int, k: Int) -> Bool {
    var product = unsafe vk_product(
      m: m, n: n, k: k, a: nil, rowStepA: k, termStepA: 1, b: nil, termStepB: n, columnStepB: 1, c: nil, rowStepC: n,
      accumulates: 0, isPacked: 0)
    return unsafe vk_product_scratch(&product) > 0
  }
}
