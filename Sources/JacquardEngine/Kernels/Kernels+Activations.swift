internal import VectorKernels

extension Kernels {
  /// values ← x where x > 0, slope · x elsewhere
  static func leakyReLU(_ values: inout MutableSpan<Float>, slope: Float) {
    unsafe values.withUnsafeMutableBufferPointer { v in
      if let base = v.baseAddress { unsafe vk_leaky_relu(base, slope, v.count) }
    }
  }

  /// gradient ← gradient where output > 0, slope · gradient elsewhere
  static func leakyReLUBackward(output: Span<Float>, gradient: inout MutableSpan<Float>, slope: Float) {
    unsafe transform(output, &gradient) { unsafe vk_leaky_relu_backward($0, $1, slope, $2) }
  }

  /// output ← x Φ(x)
  static func gelu(_ input: Span<Float>, into output: inout MutableSpan<Float>) {
    unsafe transform(input, &output) { unsafe vk_gelu($0, $1, $2) }
  }

  /// gradient ← gradient · d/dx x Φ(x)
  static func geluBackward(input: Span<Float>, gradient: inout MutableSpan<Float>) {
    unsafe transform(input, &gradient) { unsafe vk_gelu_backward($0, $1, $2) }
  }

  /// output ← x σ(x)
  static func silu(_ input: Span<Float>, into output: inout MutableSpan<Float>) {
    unsafe transform(input, &output) { unsafe vk_silu($0, $1, $2) }
  }

  /// gradient ← gradient · d/dx x σ(x)
  static func siluBackward(input: Span<Float>, gradient: inout MutableSpan<Float>) {
    unsafe transform(input, &gradient) { unsafe vk_silu_backward($0, $1, $2) }
  }

  /// output ← e^(input − offset)
  static func exponentials(_ input: Span<Float>, offset: Float, into output: inout MutableSpan<Float>) {
    unsafe transform(input, &output) { unsafe vk_exponentials($0, offset, $1, $2) }
  }

  private static func transform(
    _ input: Span<Float>, _ output: inout MutableSpan<Float>,
    _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    requireCount(output.count, holds: input.count, "activation")
    unsafe input.withUnsafeBufferPointer { i in
      unsafe output.withUnsafeMutableBufferPointer { o in
        if let from = i.baseAddress, let to = o.baseAddress { unsafe body(from, to, i.count) }
      }
    }
  }
}
