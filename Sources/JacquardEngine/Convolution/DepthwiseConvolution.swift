internal import LinearAlgebra
internal import Support

/// A convolution that filters every channel separately: `groups`, input channels and output channels are equal.
///
/// Vectors run along the channels, so the convolution needs no lowering and no matrix product. With stride 1 the gradient of the input is also a
/// convolution: that of the output's gradient with the reversed weights. Otherwise each output's gradient is sent back position by position.
/// (Depthwise convolutions: Sifre, 2014; Howard et al., 2017.)
struct DepthwiseConvolution: ConvolutionImplementation {
  private let geometry: ConvolutionGeometry
  private let passes: Set<ConvolutionPass>
  /// The convolution that computes backward-data; nil with a stride, or with padding wider than the kernel.
  private let adjoint: Window?

  init(_ geometry: ConvolutionGeometry, passes: Set<ConvolutionPass>) {
    require(
      geometry.isDepthwise && geometry.outputStride == geometry.outputChannels,
      "DepthwiseConvolution: needs one group per channel and dense outputs")
    self.geometry = geometry
    self.passes = passes
    adjoint = Self.adjoint(of: geometry.window, height: geometry.outputHeight, width: geometry.outputWidth)
  }

  private static func adjoint(of window: Window, height: Int, width: Int) -> Window? {
    guard window.stride == 1 else { return nil }
    let reach = (
      height: window.dilation.height * (window.size.height - 1), width: window.dilation.width * (window.size.width - 1)
    )
    let padding = Padding(
      top: reach.height - window.padding.top, left: reach.width - window.padding.left,
      bottom: reach.height - window.padding.bottom, right: reach.width - window.padding.right)
    guard padding.isNatural else { return nil }
    return Window(
      input: .image(height: height, width: width, channels: window.input.channels), size: window.size, stride: 1,
      padding: padding, dilation: window.dilation)
  }

  /// As many as keep the output in a second-level cache.
  var imagesPerCall: Int { max(1, 96 * 1024 / geometry.outputCount) }
  var scratchCount: Int { 0 }
  var accumulatorCount: Int { 0 }

  /// The reversed weights, if backward-data is a convolution.
  var preparedCount: Int { passes.contains(.backwardData) && adjoint != nil ? geometry.weightCount : 0 }

  func prepare(weights: Span<Float>, into prepared: inout MutableSpan<Float>) {
    guard preparedCount > 0 else { return }
    let channels = geometry.outputChannels
    for place in 0..<geometry.patchSize {
      var target = prepared.part((geometry.patchSize - 1 - place) * channels..<(geometry.patchSize - place) * channels)
      Kernels.copy(weights.extracting(place * channels..<(place + 1) * channels), to: &target)
    }
  }

  func forward(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    Kernels.depthwiseForward(
      geometry.window, input: call.input, weights: call.weights, epilogue: epilogue, output: &output,
      rows: 0..<call.images * geometry.outputHeight)
  }

  func backwardData(
    _ call: borrowing ConvolutionCall, inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    guard let adjoint else {
      Kernels.fill(&inputGradient, with: 0)
      return Kernels.depthwiseData(
        geometry.window, gradient: call.outputGradient, weights: call.weights, accumulated: &inputGradient,
        images: call.images)
    }
    Kernels.depthwiseForward(
      adjoint, input: call.outputGradient, weights: call.prepared, epilogue: Epilogue(), output: &inputGradient,
      rows: 0..<call.images * adjoint.outputHeight)
  }

  func backwardWeights(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    accumulators: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    if call.isFirst { Kernels.fill(&weightGradient, with: 0) }
    Kernels.depthwiseWeights(
      geometry.window, input: call.input, gradient: call.outputGradient, accumulated: &weightGradient,
      images: call.images)
  }
}
