import LinearAlgebra
import JacquardEngine

/// A convolution on a batch, cut into shards.
struct ConvolutionCase: CustomStringConvertible, Sendable {
  let shape: Shape
  let images: Int
  let shards: Int
  let layer: Conv2D

  init(
    _ height: Int, _ width: Int, _ channels: Int, to outputs: Int, images: Int = 2, shards: Int = 1, kernel: Size2D = 3,
    stride: Size2D = 1, padding: Padding = .valid, dilation: Size2D = 1, groups: Int = 1, usesBias: Bool = true
  ) {
    shape = .image(height: height, width: width, channels: channels)
    self.images = images
    self.shards = shards
    layer = Conv2D(
      outputChannels: outputs, kernelSize: kernel, stride: stride, padding: padding, dilation: dilation,
      groups: groups, usesBias: usesBias)
  }

  var description: String {
    "\(layer.details), \(layer.outputChannels) channels on \(images) of \(shape) in \(shards) shards"
  }

  /// Elements of the patch that contributes to an output.
  var patchSize: Int { layer.kernelSize.height * layer.kernelSize.width * shape.channels / layer.groups }

  /// The number of output pixels in the longest shard.
  var shardPixels: Int {
    let image = ReferenceBatch(shape, images: 1, values: Array(repeating: 0, count: shape.count))
    return (images + shards - 1) / shards * layer.referenceShape(image).pixels
  }

  /// Whether differences by every number are fast enough.
  var isSmall: Bool { images * shape.count <= 300 && patchSize * layer.outputChannels <= 1000 }

  /// All settings, alone and combined, on shapes where loops often fail.
  static let table = [
    // One pixel, one image; more shards than images; the whole image under the kernel.
    ConvolutionCase(1, 1, 1, to: 1, images: 1, kernel: 1),
    ConvolutionCase(1, 1, 10, to: 3, images: 2, shards: 5, kernel: 1),
    ConvolutionCase(3, 3, 2, to: 10, images: 3, shards: 2),
    // Even and odd sizes, not square, one channel and ten, with and without bias.
    ConvolutionCase(6, 6, 1, to: 10, images: 3, padding: .same(3)),
    ConvolutionCase(5, 7, 3, to: 4, images: 1),
    ConvolutionCase(4, 5, 10, to: 1, images: 1, padding: Padding(1), usesBias: false),
    ConvolutionCase(4, 3, 2, to: 17, images: 5, shards: 3, kernel: 1, usesBias: false),
    ConvolutionCase(5, 4, 3, to: 2, images: 4, shards: 3, kernel: 2, padding: .same(2)),
    ConvolutionCase(6, 5, 2, to: 3, kernel: Size2D(height: 1, width: 4), padding: .same(Size2D(height: 1, width: 4))),
    // Strides, with a remainder and with gaps between the windows.
    ConvolutionCase(7, 8, 2, to: 3, stride: 2, padding: Padding(1)),
    ConvolutionCase(6, 7, 1, to: 2, images: 4, shards: 3, stride: Size2D(height: 2, width: 3)),
    ConvolutionCase(7, 7, 2, to: 3, kernel: 1, stride: 3),
    // Padding: on one side only, different everywhere, wider than the kernel.
    ConvolutionCase(4, 5, 2, to: 3, padding: Padding(top: 2, left: 0, bottom: 0, right: 1)),
    ConvolutionCase(5, 4, 1, to: 2, kernel: 2, stride: 2, padding: Padding(top: 0, left: 1, bottom: 3, right: 2)),
    ConvolutionCase(2, 3, 2, to: 2, kernel: 2, padding: Padding(3)),
    // Dilation, alone and with stride and padding.
    ConvolutionCase(7, 6, 2, to: 2, dilation: 2),
    ConvolutionCase(
      8, 7, 1, to: 3, kernel: Size2D(height: 3, width: 2), stride: 2,
      padding: Padding(top: 1, left: 2, bottom: 0, right: 1),
      dilation: Size2D(height: 2, width: 3)),
    // Groups: two, as many as channels, several outputs each, with everything else.
    ConvolutionCase(4, 4, 4, to: 6, images: 3, shards: 2, padding: Padding(1), groups: 2),
    ConvolutionCase(3, 4, 10, to: 10, padding: Padding(1), groups: 10, usesBias: false),
    ConvolutionCase(5, 5, 3, to: 6, kernel: 2, stride: 2, padding: Padding(1), dilation: 2, groups: 3),
    // Depthwise: whole vectors of channels and a remainder, strides, dilation, one-sided and wide padding, windows wider than the image.
    ConvolutionCase(5, 6, 16, to: 16, images: 3, shards: 2, padding: Padding(1), groups: 16),
    ConvolutionCase(7, 6, 20, to: 20, stride: 2, padding: Padding(1), groups: 20),
    ConvolutionCase(6, 7, 3, to: 3, kernel: 5, padding: Padding(2), groups: 3, usesBias: false),
    ConvolutionCase(6, 9, 5, to: 5, kernel: 7, padding: Padding(3), groups: 5),
    ConvolutionCase(
      5, 4, 2, to: 2, kernel: Size2D(height: 2, width: 4), padding: Padding(top: 0, left: 2, bottom: 1, right: 3),
      groups: 2),
    ConvolutionCase(9, 8, 4, to: 4, padding: Padding(2), dilation: 2, groups: 4),
    ConvolutionCase(4, 4, 2, to: 2, kernel: 2, padding: Padding(3), groups: 2),
    ConvolutionCase(
      9, 11, 33, to: 33, images: 2, stride: Size2D(height: 2, width: 3), padding: Padding(1), dilation: 2, groups: 33),
    // Pointwise: several tiles, a patch in parts, and settings that make it no longer pointwise.
    ConvolutionCase(9, 9, 40, to: 24, images: 3, shards: 2, kernel: 1),
    ConvolutionCase(7, 7, 1152, to: 128, images: 2, kernel: 1),
    ConvolutionCase(5, 5, 6, to: 8, kernel: 1, padding: Padding(1)),
    ConvolutionCase(5, 5, 6, to: 8, kernel: 1, groups: 2),
    // Several tiles, the last one short: many pixels, a long patch, a patch in parts, all of it in groups.
    ConvolutionCase(13, 11, 10, to: 10, images: 9, shards: 2, padding: Padding(1)),
    ConvolutionCase(12, 13, 16, to: 33, images: 2, kernel: 5, stride: Size2D(height: 1, width: 2), padding: Padding(2)),
    ConvolutionCase(8, 7, 64, to: 128, images: 1, kernel: 5, padding: Padding(1)),
    ConvolutionCase(14, 14, 32, to: 32, images: 3, kernel: 3, padding: Padding(1), groups: 2),
    ConvolutionCase(5, 5, 64, to: 256, images: 3, padding: Padding(1), groups: 2),
    // Winograd's tiles: whole vectors of channels and a remainder, tiles that extend beyond the image, several calls per shard.
    ConvolutionCase(9, 7, 16, to: 32, images: 3, shards: 2, padding: Padding(1)),
    ConvolutionCase(6, 11, 20, to: 24, images: 2),
    ConvolutionCase(3, 3, 16, to: 16, images: 1, padding: Padding(top: 0, left: 1, bottom: 2, right: 0)),
    ConvolutionCase(18, 16, 32, to: 64, images: 4, padding: Padding(1)),
    // More weights than a cache holds, multiplied by the tiles of all shards; a large image in bands; packed weights.
    ConvolutionCase(5, 6, 176, to: 176, images: 5, shards: 3, padding: Padding(1)),
    ConvolutionCase(40, 36, 64, to: 64, images: 1, padding: Padding(1)),
    ConvolutionCase(7, 9, 80, to: 100, images: 2, kernel: 1),
    // Register tiles: half a vector, one, several; the four images that share weights, and a remainder.
    ConvolutionCase(12, 11, 6, to: 16, images: 7, kernel: 5, usesBias: false),
    ConvolutionCase(9, 14, 1, to: 6, images: 21, kernel: 5, padding: .same(5)),
    ConvolutionCase(4, 30, 3, to: 40, images: 2, kernel: Size2D(height: 2, width: 4), padding: Padding(1)),
  ]

  /// Every way to compute a convolution.
  static let options = ConvolutionAlgorithm.allCases.flatMap { algorithm in
    MatrixProduct.allCases.map { ComputeOptions(algorithm: algorithm, product: $0) }
  }
}
