internal import Support
internal import VectorKernels

extension Kernels {
  /// output ← function(input)
  static func apply(
    _ function: ActivationFunction, to input: Span<Float>, into output: inout MutableSpan<Float>
  ) {
    requireCount(output.count, holds: input.count, "apply output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = i.baseAddress, let to = o.baseAddress else { return }
        var kernel = function.kernel
        unsafe vk_apply(&kernel, from, to, i.count)
      }
    }
  }

  /// gradient ← gradient · function′(input)
  static func applyBackward(
    _ function: ActivationFunction, input: Span<Float>, gradient: inout MutableSpan<Float>
  ) {
    requireCount(gradient.count, holds: input.count, "applyBackward gradient")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe gradient.withUnsafeMutableBufferPointer { g in
        guard let from = i.baseAddress, let to = g.baseAddress else { return }
        var kernel = function.kernel
        unsafe vk_apply_backward(&kernel, from, to, i.count)
      }
    }
  }

  /// Copies columns `columns` of each input row to each output row, starting at column `first`; other output columns keep their values.
  static func copyColumns(
    _ columns: Range<Int>, of input: Span<Float>, stride inputStride: Int, to first: Int,
    of output: inout MutableSpan<Float>, stride outputStride: Int, rows: Int
  ) {
    require(
      columns.lowerBound >= 0 && columns.upperBound <= inputStride && first >= 0
        && first + columns.count <= outputStride,
      "copyColumns: \(columns) of \(inputStride) to \(first) of \(outputStride)")
    requireCount(input.count, holds: rows * inputStride, "copyColumns input")
    requireCount(output.count, holds: rows * outputStride, "copyColumns output")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        guard let from = i.baseAddress, let to = o.baseAddress else { return }
        unsafe vk_copy_columns(
          from + columns.lowerBound, inputStride, to + first, outputStride, rows, columns.count)
      }
    }
  }
}

extension ActivationFunction {
  fileprivate var kernel: vk_function { vk_function(kind: kind.rawValue, a: first, b: second) }
}
