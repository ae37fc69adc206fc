internal import LinearAlgebra
internal import Support
internal import Samples

/// A convolution without lowering, for small kernels and few channels. Each product of an input pixel and a row of weights is added directly to
/// accumulators in registers.
///
/// The images are first padded in scratch memory, so no tap needs a bounds check. Outputs and weights are padded to whole vectors of 8 or 16
/// channels, so `geometry.outputStride` must be `stride(forChannels:)`.
struct DirectConvolution: ConvolutionImplementation {
  private let geometry: ConvolutionGeometry
  private let shape: DirectShape
  private let passes: Set<ConvolutionPass>

  /// Floats per output pixel for `channels` output channels.
  static func stride(forChannels channels: Int) -> Int { channels <= 8 ? 8 : (channels + 15) / 16 * 16 }

  /// Whether this method can compute the convolution.
  static func suits(_ geometry: ConvolutionGeometry) -> Bool { geometry.isPlain }

  init(_ geometry: ConvolutionGeometry, passes: Set<ConvolutionPass>) {
    let stride = Self.stride(forChannels: geometry.outputChannels)
    require(
      Self.suits(geometry) && geometry.outputStride == stride,
      "DirectConvolution: needs an ungrouped convolution of stride 1 with \(stride) floats per output pixel")
    self.geometry = geometry
    self.passes = passes
    shape = DirectShape(window: geometry.window, outputStride: stride)
  }

  /// Four images share the weights of the data pass, unless the images are too large for the cache.
  var imagesPerCall: Int { max(1, min(16, 128 * 1024 / geometry.window.paddedCount)) }
  var accumulatorCount: Int { passes.contains(.backwardWeights) ? paddedWeightCount : 0 }

  var scratchCount: Int {
    passes.contains(.backwardData) || isPadded ? imagesPerCall * geometry.window.paddedCount + DirectShape.slack : 0
  }

  /// The padded weights for forward, then those of the data pass.
  var preparedCount: Int {
    (passes.contains(.forward) ? paddedWeightCount : 0)
      + (passes.contains(.backwardData) ? geometry.outputChannels * shape.dataKernelCount : 0)
  }

  func prepare(weights: Span<Float>, into prepared: inout MutableSpan<Float>) {
    if passes.contains(.forward) {
      var target = prepared.part(0..<paddedWeightCount)
      Kernels.copyRows(
        weights, stride: geometry.outputChannels, to: &target, stride: shape.outputStride, rows: shape.taps,
        columns: geometry.outputChannels)
    }
    guard passes.contains(.backwardData) else { return }
    var target = prepared.part(dataWeights..<prepared.count)
    Kernels.fill(&target, with: 0)
    let run = geometry.window.size.width * geometry.input.channels
    for tap in 0..<shape.taps {
      let place = tap / run * shape.dataRow + tap % run
      for output in 0..<geometry.outputChannels {
        target[output * shape.dataKernelCount + place] = weights[tap * geometry.outputChannels + output]
      }
    }
  }

  func forward(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    guard isPadded else {
      return Kernels.directForward(
        shape, padded: call.input, weights: call.prepared, epilogue: epilogue, output: &output, images: call.images)
    }
    Kernels.padImages(geometry.window, input: call.input, into: &scratch, images: call.images)
    Kernels.directForward(
      shape, padded: scratch.span, weights: call.prepared, epilogue: epilogue, output: &output, images: call.images)
  }

  func backwardData(
    _ call: borrowing ConvolutionCall, inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    var padded = scratch.part(0..<call.images * geometry.window.paddedCount + DirectShape.slack)
    Kernels.fill(&padded, with: 0)
    Kernels.directData(
      shape, gradient: call.outputGradient, weights: call.prepared.extracting(dataWeights..<call.prepared.count),
      outputs: geometry.outputChannels, accumulated: &padded, images: call.images)
    Kernels.cropImages(geometry.window, padded: padded.span, into: &inputGradient, images: call.images)
  }

  func backwardWeights(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    accumulators: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    if call.isFirst { Kernels.fill(&accumulators, with: 0) }
    if isPadded {
      Kernels.padImages(geometry.window, input: call.input, into: &scratch, images: call.images)
      Kernels.directWeights(
        shape, padded: scratch.span, gradient: call.outputGradient, accumulated: &accumulators, images: call.images)
    } else {
      Kernels.directWeights(
        shape, padded: call.input, gradient: call.outputGradient, accumulated: &accumulators, images: call.images)
    }
    guard call.isLast else { return }
    Kernels.copyRows(
      accumulators.span, stride: shape.outputStride, to: &weightGradient, stride: geometry.outputChannels,
      rows: shape.taps, columns: geometry.outputChannels)
  }

  private var isPadded: Bool { geometry.window.padding != .valid }
  /// The offset of the weights of backward-data in the prepared memory.
  private var dataWeights: Int { passes.contains(.forward) ? paddedWeightCount : 0 }
  private var paddedWeightCount: Int { shape.taps * shape.outputStride }
}
