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

  /// Adds `bias` to each of `rows` rows that lie `stride` floats apart.
  static func addBias(_ bias: Span<Float>, to values: inout MutableSpan<Float>, rows: Int, stride: Int) {
    guard rows > 0, bias.count > 0 else { return }
    requireCount(values.count, holds: (rows - 1) * stride + bias.count, "addBias values")
    unsafe bias.withUnsafeBufferPointer { b in
      unsafe values.withUnsafeMutableBufferPointer { v in
        if let bias = b.baseAddress, let base = v.baseAddress { unsafe vk_add_bias(bias, base, rows, b.count, stride) }
      }
    }
  }

  /// output[column] ← Σ over rows of values[row][column]
  static func sumRows(_ values: Span<Float>, into output: inout MutableSpan<Float>, rows: Int) {
    requireCount(values.count, holds: rows * output.count, "sumRows values")
    let columns = output.count
    unsafe values.withUnsafeBufferPointer { v in
      unsafe output.withUnsafeMutableBufferPointer { o in
        if let to = o.baseAddress, let from = v.baseAddress { unsafe vk_sum_rows(from, to, rows, columns) }
      }
    }
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
