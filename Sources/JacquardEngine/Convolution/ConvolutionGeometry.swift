internal import Samples

/// The sizes of a convolution, as its algorithms need them.
struct ConvolutionGeometry: Hashable, Sendable {
  let window: Window
  let outputChannels: Int
  let groups: Int
  /// Floats from one output pixel to the next: `outputChannels`, or more if an algorithm needs whole vectors.
  var outputStride: Int

  /// Nil when the padded input is smaller than the kernel.
  init?(
    input: Shape, outputChannels: Int, kernelSize: Size2D, stride: Size2D, padding: Padding, dilation: Size2D,
    groups: Int
  ) {
    guard
      let window = Window(input: input, size: kernelSize, stride: stride, padding: padding, dilation: dilation)
    else { return nil }
    self.window = window
    self.outputChannels = outputChannels
    self.groups = groups
    outputStride = outputChannels
  }

  var input: Shape { window.input }
  var outputHeight: Int { window.outputHeight }
  var outputWidth: Int { window.outputWidth }
  var outputPixels: Int { window.outputPixels }
  /// Input channels that contribute to one output channel.
  var groupInputs: Int { input.channels / groups }
  /// Output channels of one group.
  var groupOutputs: Int { outputChannels / groups }
  /// Elements of the patch that contributes to one output element.
  var patchSize: Int { window.size.height * window.size.width * groupInputs }
  /// Floats of one image's output with `outputStride` floats per pixel.
  var outputCount: Int { outputPixels * outputStride }
  /// Whether the kernel moves pixel by pixel over neighboring pixels of all channels.
  var isPlain: Bool { window.stride == 1 && window.dilation == 1 && groups == 1 }
  /// Whether every channel is filtered separately.
  var isDepthwise: Bool { groups > 1 && groups == input.channels && groups == outputChannels }
  /// Whether each output pixel depends only on the input pixel at the same position, so that the input itself is the matrix of patches.
  var isPointwise: Bool { isPlain && window.size == 1 && window.padding == .valid }
  /// Elements of the weights, `[kernelHeight][kernelWidth][groupInputs][outputChannels]`.
  var weightCount: Int { patchSize * outputChannels }

  /// The input channels of group `group`.
  func inputChannels(ofGroup group: Int) -> Range<Int> { group * groupInputs..<(group + 1) * groupInputs }
}
