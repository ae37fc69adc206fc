internal import Support
internal import VectorKernels

/// Products by a matrix that is used often, such as weights. The matrix is copied once into the order in which the portable kernels read it.
///
/// If rows of B are a large power of two apart, they evict each other from the cache. Measured on one Zen 3 core (GFLOP/s):
///
/// | m × n × k | unpacked | packed |
/// | --- | --- | --- |
/// | 96 × 512 × 512 | 61 | 88 |
/// | 96 × 256 × 256 | 71 | 86 |
/// | 16 × 512 × 2304 | 53 | 70 |
/// | 96 × 64 × 576 | 64 | 74 |
///
/// The bits are those of the same product without packing.
extension MatrixProduct {
  /// Whether the product can be packed.
  package var packs: Bool { self == .portable }

  /// Floats that `pack` writes for a matrix of `n` columns and `k` rows; the order depends on this processor's vectors.
  package func packedCount(n: Int, k: Int, instructions: VectorInstructions = .current) -> Int {
    require(packs, "MatrixProduct: '\(rawValue)' cannot pack")
    return vk_packed_count(instructions.level, n, k)
  }

  /// packed ← op(B), B stored as `[k, n]` or, if transposed, as `[n, k]`.
  package func pack(
    n: Int, k: Int, _ b: Span<Float>, transposeB: Bool = false, leadingDimensionB: Int,
    into packed: inout MutableSpan<Float>, instructions: VectorInstructions = .current
  ) {
    MatrixArgument(
      name: "B", rows: transposeB ? n : k, columns: transposeB ? k : n, leadingDimension: leadingDimensionB,
      count: b.count
    ).check()
    let count = packedCount(n: n, k: k, instructions: instructions)
    require(
      packed.count >= count, "MatrixProduct: expected \(count) floats for a packed matrix, found \(packed.count)")
    unsafe b.withUnsafeBufferPointer { b in
      unsafe packed.withUnsafeMutableBufferPointer { packed in
        guard let target = packed.baseAddress else { return }
        var product = unsafe vk_product(
          m: 0, n: n, k: k, a: nil, rowStepA: 0, termStepA: 1, b: b.baseAddress,
          termStepB: transposeB ? 1 : leadingDimensionB, columnStepB: transposeB ? leadingDimensionB : 1, c: nil,
          rowStepC: 0, accumulates: 0, isPacked: 0)
        unsafe vk_pack(instructions.level, &product, target)
      }
    }
  }

  /// C ← A · B, or C + A · B, then the epilogue, for a B that `pack` wrote for the same instructions.
  package func multiplyPacked(
    m: Int, n: Int, k: Int, _ a: Span<Float>, leadingDimensionA: Int, _ packed: Span<Float>, accumulates: Bool = false,
    into c: inout MutableSpan<Float>, leadingDimensionC: Int, then epilogue: borrowing Epilogue,
    instructions: VectorInstructions = .current
  ) {
    MatrixArgument.checkSizes(m: m, n: n, k: k)
    guard m > 0, n > 0 else { return }
    require(k > 0, "MatrixProduct: k must be positive in a packed product")
    MatrixArgument(name: "A", rows: m, columns: k, leadingDimension: leadingDimensionA, count: a.count).check()
    MatrixArgument(name: "C", rows: m, columns: n, leadingDimension: leadingDimensionC, count: c.count).check()
    let count = packedCount(n: n, k: k, instructions: instructions)
    require(packed.count >= count, "MatrixProduct: expected a packed matrix of \(count) floats, found \(packed.count)")
    unsafe c.withUnsafeMutableBufferPointer { c in
      unsafe a.withUnsafeBufferPointer { a in
        unsafe packed.withUnsafeBufferPointer { packed in
          var product = unsafe vk_product(
            m: m, n: n, k: k, a: a.baseAddress, rowStepA: leadingDimensionA, termStepA: 1, b: packed.baseAddress,
            termStepB: 0, columnStepB: 1, c: c.baseAddress, rowStepC: leadingDimensionC,
            accumulates: accumulates ? 1 : 0, isPacked: 1)
          unsafe epilogue.withKernel(channels: n) { kernel in
            unsafe vk_multiply(instructions.level, &product, epilogue.isIdentity ? nil : kernel, nil)
          }
        }
      }
    }
  }
}
