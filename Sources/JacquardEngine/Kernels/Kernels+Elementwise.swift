internal import LinearAlgebra
internal import Support
internal import VectorKernels

extension Kernels {
  /// values ← value
  static func fill(_ values: inout MutableSpan<Float>, with value: Float) {
    unsafe values.withUnsafeMutableBufferPointer { v in
      if let base = v.baseAddress { unsafe vk_fill(base, value, v.count) }
    }
  }

  /// output ← input
  static func copy(_ input: Span<Float>, to output: inout MutableSpan<Float>) {
    requireCount(output.count, holds: input.count, "copy output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        if let to = o.baseAddress, let from = i.baseAddress { unsafe to.update(from: from, count: i.count) }
      }
    }
  }

  /// accumulated ← accumulated + input
  static func add(_ input: Span<Float>, to accumulated: inout MutableSpan<Float>) {
    requireCount(accumulated.count, holds: input.count, "add")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe accumulated.withUnsafeMutableBufferPointer { a in
        if let to = a.baseAddress, let from = i.baseAddress { unsafe vk_add(from, to, i.count) }
      }
    }
  }

  /// Applies `epilogue` to the first `columns` values of each of `rows` rows that are `stride` floats apart.
  static func finishRows(
    _ values: inout MutableSpan<Float>, _ epilogue: borrowing Epilogue, rows: Int, columns: Int, stride: Int
  ) {
    epilogue.finish(&values, rows: rows, columns: columns, stride: stride)
  }

  /// Copies `columns` floats of each row; the rest of an output row becomes 0.
  static func copyRows(
    _ input: Span<Float>, stride inputStride: Int, to output: inout MutableSpan<Float>, stride outputStride: Int,
    rows: Int, columns: Int
  ) {
    require(columns <= min(inputStride, outputStride), "copyRows: \(columns) columns of \(inputStride)")
    guard rows > 0 else { return }
    requireCount(input.count, holds: (rows - 1) * inputStride + columns, "copyRows input")
    requireCount(output.count, holds: rows * outputStride, "copyRows output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = i.baseAddress, let to = o.baseAddress else { return }
        unsafe vk_copy_rows(from, inputStride, to, outputStride, rows, columns)
      }
    }
  }

  /// accumulated[column] ← accumulated[column] + Σ over rows of values[row][column]
  static func addSumOfRows(_ values: Span<Float>, to accumulated: inout MutableSpan<Float>, rows: Int) {
    requireCount(values.count, holds: rows * accumulated.count, "addSumOfRows values")
    let columns = accumulated.count
    unsafe values.withUnsafeBufferPointer { v in
      unsafe accumulated.withUnsafeMutableBufferPointer { o in
        if let to = o.baseAddress, let from = v.baseAddress { unsafe vk_sum_rows(from, to, rows, columns) }
      }
    }
  }

  /// output[column] ← Σ over rows of values[row][column]
  static func sumRows(_ values: Span<Float>, into output: inout MutableSpan<Float>, rows: Int) {
    fill(&output, with: 0)
    addSumOfRows(values, to: &output, rows: rows)
  }

  /// output[column][row] ← input[row][column]
  static func transpose(_ input: Span<Float>, into output: inout MutableSpan<Float>, rows: Int, columns: Int) {
    requireCount(input.count, holds: rows * columns, "transpose input")
    requireCount(output.count, holds: rows * columns, "transpose output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        if let to = o.baseAddress, let from = i.baseAddress { unsafe vk_transpose(from, to, rows, columns) }
      }
    }
  }
}
