internal import Support
internal import VectorKernels

/// What happens to a product's or convolution's values while they are in the cache: a bias by channel is added, then
/// values that are not above zero are multiplied by a slope.
struct Epilogue: ~Escapable {
  /// One value per channel, or empty.
  let bias: Span<Float>
  /// 0 for ReLU, 1 for no activation.
  let slope: Float

  @_lifetime(copy bias)
  init(bias: Span<Float>, slope: Float = 1) {
    self.bias = bias
    self.slope = slope
  }

  /// Whether nothing happens.
  var isIdentity: Bool { bias.isEmpty && slope == 1 }

  /// Calls `body` with the kernels' form of it, for outputs of `channels` channels.
  func withKernel(channels: Int, _ body: (UnsafePointer<vk_epilogue>) -> Void) {
    require(
      bias.isEmpty || bias.count >= channels, "Epilogue: a bias for each of \(channels) channels, found \(bias.count)")
    unsafe bias.withUnsafeBufferPointer { b in
      var kernel = unsafe vk_epilogue(bias: b.isEmpty ? nil : b.baseAddress, slope: slope)
      unsafe body(&kernel)
    }
  }
}
