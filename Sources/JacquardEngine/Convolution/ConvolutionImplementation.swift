internal import LinearAlgebra
internal import Support

/// The passes of a convolution.
package enum ConvolutionPass: String, CaseIterable, Codable, Sendable {
  case forward
  case backwardData = "backward_data"
  case backwardWeights = "backward_weights"
}

/// A way to compute some or all passes of a convolution.
///
/// All implementations take and return the same arrays and differ only in the last bits. Inputs are NHWC; outputs and their gradients are NHWC with
/// `geometry.outputStride` floats per pixel; weights are `[kernelHeight][kernelWidth][inputChannels / groups][outputChannels]`. A shard is processed
/// in calls of at most `imagesPerCall` images. Outputs are overwritten. Floats beyond the channels are arbitrary in outputs and zero in gradients. An
/// implementation is made for some passes and must not be asked for any other.
protocol ConvolutionImplementation: Sendable {
  /// The largest number of images in one call, so that its data stays in the cache.
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

  /// Whether `forwardAndPool` is available: it is if pooling within the product costs less than a separate pass.
  var pools: Bool { get }

  /// output ← the maximum of epilogue(input ∗ weights) in each 2×2 window of pixels; choices ← its position in the window
  ///
  /// Windows do not overlap; a last odd row or column belongs to no window. Both outputs are dense, with one value per window and channel.
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

  /// Both backward passes.
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
    failPrecondition("this convolution cannot pool")
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
