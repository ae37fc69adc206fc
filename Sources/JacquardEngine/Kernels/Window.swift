internal import Support
internal import VectorKernels
internal import Samples

/// A window that slides over one image: the kernel of a convolution or the window of a pool, with its output size.
struct Window: Hashable, Sendable {
  let input: Shape
  let size: Size2D
  let stride: Size2D
  let padding: Padding
  let dilation: Size2D
  let outputHeight: Int
  let outputWidth: Int

  /// Nil when the padded image is smaller than the (dilated) window.
  ///
  /// Output size: `⌊(input + padding − dilation · (size − 1) − 1) / stride⌋ + 1` along each axis.
  init?(input: Shape, size: Size2D, stride: Size2D, padding: Padding, dilation: Size2D = 1) {
    let rows = input.height + padding.top + padding.bottom - dilation.height * (size.height - 1) - 1
    let columns = input.width + padding.left + padding.right - dilation.width * (size.width - 1) - 1
    guard rows >= 0, columns >= 0 else { return nil }
    self.input = input
    self.size = size
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    outputHeight = rows / stride.height + 1
    outputWidth = columns / stride.width + 1
  }

  /// The size of the input with its padding.
  var paddedHeight: Int { input.height + padding.top + padding.bottom }
  var paddedWidth: Int { input.width + padding.left + padding.right }
  /// The number of elements of a padded image.
  var paddedCount: Int { paddedHeight * paddedWidth * input.channels }

  /// Output pixels of one image.
  var outputPixels: Int { outputHeight * outputWidth }

  var kernel: vk_window {
    vk_window(
      inputHeight: input.height, inputWidth: input.width, channels: input.channels,
      windowHeight: size.height, windowWidth: size.width,
      strideHeight: stride.height, strideWidth: stride.width,
      paddingTop: padding.top, paddingLeft: padding.left,
      dilationHeight: dilation.height, dilationWidth: dilation.width,
      outputHeight: outputHeight, outputWidth: outputWidth)
  }

  /// Whether the windows are 2×2, side by side and without padding.
  var isPlainPairs: Bool { size == 2 && stride == 2 && padding == .valid && dilation == 1 }

  func pixels(stride: Int) -> vk_pixels {
    vk_pixels(height: input.height, width: input.width, channels: input.channels, stride: stride)
  }

  /// Checks that pixels are dense, or hold the channels in whole vectors.
  func requireVectorStride(_ stride: Int) {
    let vectors = input.channels <= 8 ? 8 : (input.channels + 15) / 16 * 16
    require(
      stride == input.channels || stride == vectors,
      "Window: needs \(input.channels) or \(vectors) floats per pixel, found \(stride)")
  }
}
