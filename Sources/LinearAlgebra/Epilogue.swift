internal import Support
package import VectorKernels

/// An operation on the values of a product or convolution while they are in the cache: adds a bias per channel, then multiplies values that are not
/// above zero by a slope.
package struct Epilogue: ~Escapable {
  /// One value per channel, or empty.
  package let bias: Span<Float>
  /// 0 for ReLU, 1 for no activation.
  package let slope: Float

  @_lifetime(copy bias)
  package init(bias: Span<Float> = Span(), slope: Float = 1) {
    self.bias = bias
    self.slope = slope
  }

  /// Whether values stay unchanged.
  package var isIdentity: Bool { bias.isEmpty && slope == 1 }

  /// Calls `body` with the kernels' form of the epilogue, for outputs of `channels` channels.
  package func withKernel(channels: Int, _ body: (UnsafePointer<vk_epilogue>) -> Void) {
    require(
      bias.isEmpty || bias.count >= channels,
      "Epilogue: expected a bias for each of \(channels) channels, found \(bias.count)")
    unsafe bias.withUnsafeBufferPointer { b in
      var kernel = unsafe vk_epilogue(bias: b.isEmpty ? nil : b.baseAddress, slope: slope)
      unsafe body(&kernel)
    }
  }

  /// Applies the epilogue to `rows` rows of `columns` values, `stride` floats apart.
  package func finish(_ values: inout MutableSpan<Float>, rows: Int, columns: Int, stride: Int) {
    guard rows > 0, columns > 0, !isIdentity else { return }
    require(
      values.count >= (rows - 1) * stride + columns,
      "Epilogue: expected \(rows) rows of \(columns) values, \(stride) apart, found \(values.count) values")
    unsafe values.withUnsafeMutableBufferPointer { v in
      guard let base = v.baseAddress else { return }
      unsafe withKernel(channels: columns) { kernel in
        unsafe vk_finish_rows(kernel, base, rows, columns, stride)
      }
    }
  }
}
