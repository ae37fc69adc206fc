internal import BLAS
internal import Support

/// The passes of a convolution.
package enum ConvolutionPass: String, CaseIterable, Codable, Sendable {
  case forward
  case backwardData = "backward_data"
  case backwardWeights = "backward_weights"
}

/// One way to compute a convolution, some or all of its passes.
///
/// All implementations take and give the same arrays and differ in the last bits only: inputs NHWC, outputs and their
/// gradients NHWC with `geometry.outputStride` floats per pixel, weights
/// `[kernelHeight][kernelWidth][inputChannels / groups][outputChannels]`. A shard goes through in calls of at most
/// `imagesPerCall` images. Outputs are overwritten; output floats beyond the channels may hold anything, those of
/// gradients are zero. An implementation is made for some passes and asked for no other.
protocol ConvolutionImplementation: Sendable {
  /// The most images of one call, so that its data stays in the cache.
  var imagesPerCall: Int { get }
  /// Floats of scratch memory that each call may use.
  var scratchCount: Int { get }
  /// Floats that backward-weights keeps from the first call of a shard to the last.
  var accumulatorCount: Int { get }
  /// Floats that `prepare` derives from the weights.
  var preparedCount: Int { get }

  /// Derives what the passes need from `weights`, once per step.
  func prepare(weights: Span<Float>, into prepared: inout MutableSpan<Float>)

  /// output ← epilogue(input ∗ weights)
  func forward(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>)

  /// Whether `forwardAndPool` can be called: where a pool costs less than a pass behind the convolution.
  var pools: Bool { get }

  /// output ← the greatest of epilogue(input ∗ weights) in each 2×2 window of pixels, and its place in `choices`
  ///
  /// Windows do not overlap; a last odd row or column has none. Both have one value per window and channel, dense.
  func forwardAndPool(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    choices: inout MutableSpan<UInt8>, scratch: inout MutableSpan<Float>)

  /// inputGradient ← the adjoint of the convolution in its input, applied to `outputGradient`
  func backwardData(
    _ call: borrowing ConvolutionCall, inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>)

  /// weightGradient ← the adjoint in the weights, applied to `outputGradient`, summed over the calls of a shard
  func backwardWeights(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    accumulators: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>)

  /// Both of them.
  func backward(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    inputGradient: inout MutableSpan<Float>, accumulators: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>)
}

extension ConvolutionImplementation {
  var pools: Bool { false }

  func forwardAndPool(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    choices: inout MutableSpan<UInt8>, scratch: inout MutableSpan<Float>
  ) {
    failPrecondition("a convolution that does not pool was asked to")
  }

  func backward(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    inputGradient: inout MutableSpan<Float>, accumulators: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    backwardWeights(call, weightGradient: &weightGradient, accumulators: &accumulators, scratch: &scratch)
    backwardData(call, inputGradient: &inputGradient, scratch: &scratch)
  }
}
