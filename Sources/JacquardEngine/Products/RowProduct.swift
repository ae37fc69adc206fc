internal import LinearAlgebra
internal import Support

/// Multiplies rows by one matrix, `to [rows][columns] ← from [rows][depth] · matrix [depth][columns]`, in calls whose shapes do not depend on the
/// number of rows.
///
/// All products in inference go through this type, so that an image's answer depends on the image alone: dense layers have one row per image, lowered
/// convolutions one per pixel, Winograd's one per tile. An incomplete unit is filled up with rows of zeros in scratch memory; their products are
/// discarded. In training, where no answer outlives its batch, rows may depend on each other.
struct RowProduct: Sendable {
  /// The implementation.
  let product: MatrixProduct
  private let columns: Int
  private let depth: Int
  /// The shapes of the calls.
  let cut: ProductCut
  /// Whether `multiply` takes a matrix that `pack` has written.
  let isPacked: Bool

  /// A product by matrices of `columns` columns and `depth` rows.
  ///
  /// - Parameters:
  ///   - isDivisible: Whether the matrix may be cut too.
  ///   - isTraining: Whether rows may depend on each other.
  ///   - isPackable: Whether the caller packs the matrix if that is faster.
  init(
    _ product: MatrixProduct, columns: Int, depth: Int, isDivisible: Bool = false, isTraining: Bool,
    isPackable: Bool = false
  ) {
    self.product = isTraining ? product : product.answering
    self.columns = columns
    self.depth = depth
    isPacked = isPackable && self.product.packs && columns >= 48 && columns * depth >= Self.fewestPackedFloats
    let rule = self.product.rowRule
    cut = ProductCut(
      columns: columns, depth: depth, isDivisible: isDivisible, rule: isTraining ? rule.ignoringUnits : rule)
  }

  /// A smaller matrix stays in the first-level cache without packing.
  private static let fewestPackedFloats = 4096

  /// Floats of the matrix that `multiply` takes.
  var matrixCount: Int { isPacked ? product.packedCount(n: columns, k: depth) : columns * depth }

  /// Writes the matrix, stored as `[depth][columns]` or transposed as `[columns][depth]`, in the order that `multiply` takes.
  func pack(
    _ matrix: Span<Float>, stride: Int, isTransposed: Bool = false, into packed: inout MutableSpan<Float>
  ) {
    product.pack(
      n: columns, k: depth, matrix, transposeB: isTransposed, leadingDimensionB: stride, into: &packed)
  }

  /// Floats of scratch memory for the rows that fill up the last unit.
  var scratchCount: Int { cut.unit > 1 ? cut.unit * (depth + columns) : 0 }

  /// Multiplies `rows` rows, and applies an epilogue to each value of the products.
  ///
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - from: The rows, `fromStride` floats from one to the next.
  ///   - matrix: The matrix, `matrixStride` floats from one row to the next; what `pack` wrote if the product is packed.
  ///   - isAdded: Whether the products are added to the rows of `to`.
  ///   - to: Where the products go, `toStride` floats from one row to the next.
  ///   - epilogue: The operation on the values afterwards, with or without a bias per column.
  ///   - scratch: `scratchCount` floats; empty if `rows` are whole units.
  func multiply(
    rows: Int, _ from: Span<Float>, stride fromStride: Int, _ matrix: Span<Float>, stride matrixStride: Int,
    isAdded: Bool = false, into to: inout MutableSpan<Float>, stride toStride: Int, then epilogue: borrowing Epilogue,
    scratch: inout MutableSpan<Float>
  ) {
    let whole = rows / cut.unit * cut.unit
    for first in stride(from: 0, to: whole, by: cut.rows) {
      var target = to.part(first * toStride..<to.count)
      multiplyPart(
        rows: min(cut.rows, whole - first), from.extracting(first * fromStride..<from.count), fromStride, matrix,
        matrixStride, isAdded, into: &target, toStride, epilogue)
    }
    guard whole < rows else { return }
    let rest = rows - whole
    scratch.withParts(cut.unit * depth) { filled, products in
      var missing = filled.part(rest * depth..<filled.count)
      Kernels.fill(&missing, with: 0)
      copyRows(from.extracting(whole * fromStride..<from.count), fromStride, to: &filled, depth, rest, columns: depth)
      var target = to.part(whole * toStride..<to.count)
      if isAdded { copyRows(target.span, toStride, to: &products, columns, rest, columns: columns) }
      multiplyPart(
        rows: cut.unit, filled.span, depth, matrix, matrixStride, isAdded, into: &products, columns, epilogue)
      copyRows(products.span, columns, to: &target, toStride, rest, columns: columns)
    }
  }

  /// Multiplies the rows of a part by the whole matrix.
  private func multiplyPart(
    rows: Int, _ from: Span<Float>, _ fromStride: Int, _ matrix: Span<Float>, _ matrixStride: Int, _ isAdded: Bool,
    into to: inout MutableSpan<Float>, _ toStride: Int, _ epilogue: borrowing Epilogue
  ) {
    if isPacked {
      return product.multiplyPacked(
        m: rows, n: columns, k: depth, from, leadingDimensionA: fromStride, matrix, accumulates: isAdded, into: &to,
        leadingDimensionC: toStride, then: epilogue)
    }
    for column in stride(from: 0, to: columns, by: cut.columns) {
      let end = min(column + cut.columns, columns)
      var target = to.part(column..<to.count)
      for term in stride(from: 0, to: depth, by: cut.depth) {
        let isLast = term + cut.depth >= depth
        let bias = isLast && !epilogue.bias.isEmpty ? epilogue.bias.extracting(column..<end) : Span()
        product.multiply(
          m: rows, n: end - column, k: min(cut.depth, depth - term),
          from.extracting(term..<from.count), leadingDimensionA: fromStride,
          matrix.extracting(term * matrixStride + column..<matrix.count), leadingDimensionB: matrixStride,
          beta: isAdded || term > 0 ? 1 : 0, into: &target, leadingDimensionC: toStride,
          then: Epilogue(bias: bias, slope: isLast ? epilogue.slope : 1))
      }
    }
  }

  /// Copies rows; the floats between the rows of `to` keep their values.
  private func copyRows(
    _ from: Span<Float>, _ fromStride: Int, to: inout MutableSpan<Float>, _ toStride: Int, _ rows: Int, columns: Int
  ) {
    for row in 0..<rows {
      var target = to.part(row * toStride..<row * toStride + columns)
      Kernels.copy(from.extracting(row * fromStride..<row * fromStride + columns), to: &target)
    }
  }
}
