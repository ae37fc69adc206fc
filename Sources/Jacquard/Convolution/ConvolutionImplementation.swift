internal import BLAS

/// One way to compute a convolution, all three passes.
///
/// All implementations take and give the same arrays and differ in the last bits only: inputs and outputs NHWC, weights
/// `[kernelHeight][kernelWidth][inputChannels / groups][outputChannels]`. Outputs are overwritten.
protocol ConvolutionImplementation: Sendable {
  init(_ geometry: ConvolutionGeometry, product: MatrixProduct)

  /// Floats of scratch memory that each pass may use.
  var scratchCount: Int { get }
  /// Floats that `prepare` derives from the weights.
  var preparedCount: Int { get }

  /// Derives what the passes need from `weights`, once per step.
  func prepare(weights: Span<Float>, into prepared: inout MutableSpan<Float>)

  /// output ← input ∗ weights (+ bias, unless empty)
  func forward(
    images: Int, input: Span<Float>, weights: Span<Float>, bias: Span<Float>, output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>)

  /// inputGradient ← the adjoint of `forward` in its input, applied to `outputGradient`
  func backwardData(
    images: Int, outputGradient: Span<Float>, weights: Span<Float>, prepared: Span<Float>,
    inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>)

  /// weightGradient ← the adjoint of `forward` in its weights, applied to `outputGradient`
  func backwardWeights(
    images: Int, input: Span<Float>, outputGradient: Span<Float>, weightGradient: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>)
}

extension ConvolutionAlgorithm {
  /// The implementation that this choice means for a geometry.
  func implementation(_ geometry: ConvolutionGeometry, product: MatrixProduct) -> any ConvolutionImplementation {
    switch self {
    case .naive: NaiveConvolution(geometry, product: product)
    case .im2col, .auto: LoweredConvolution(geometry, product: product)
    }
  }
}
