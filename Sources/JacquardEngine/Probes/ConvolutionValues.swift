internal import Samples

/// The values that probe a convolution; its reference uses the same.
enum ConvolutionValues {
  /// `[kernelHeight][kernelWidth][inputChannels / groups][outputChannels]`
  static func weights(_ geometry: ConvolutionGeometry) -> [Float] {
    ProbeValues.uniform(count: geometry.weightCount, name: "convolution.weights")
  }

  /// `[images][height][width][channels]`
  static func input(_ geometry: ConvolutionGeometry, images: Int) -> [Float] {
    ProbeValues.uniform(count: images * geometry.input.count, name: "convolution.input")
  }

  /// `[images][outputHeight][outputWidth][outputChannels]`
  static func outputGradient(_ geometry: ConvolutionGeometry, images: Int) -> [Float] {
    ProbeValues.uniform(
      count: images * geometry.outputPixels * geometry.outputChannels, name: "convolution.gradient")
  }
}

extension ConvolutionGeometry {
  /// The sizes of a layer for images of a shape; nil if they do not fit.
  init?(_ layer: Conv2D, input: Shape) {
    self.init(
      input: input, outputChannels: layer.outputChannels, kernelSize: layer.kernelSize, stride: layer.stride,
      padding: layer.padding, dilation: layer.dilation, groups: layer.groups)
  }

  /// The number of elements that a pass computes.
  func resultCount(of pass: ConvolutionPass, images: Int) -> Int {
    switch pass {
    case .forward: images * outputPixels * outputChannels
    case .backwardData: images * input.count
    case .backwardWeights: weightCount
    }
  }

  /// Spreads dense pixels `[pixels][outputChannels]` to `outputStride` floats each, with zeros between them.
  func spread(_ dense: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: dense.count / outputChannels * outputStride)
    for index in dense.indices {
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: outputChannels)
      result[pixel * outputStride + channel] = dense[index]
    }
    return result
  }

  /// The reverse: extracts the channels of pixels of `outputStride` floats.
  func compact(_ spread: [Float]) -> [Float] {
    (0..<spread.count / outputStride).flatMap { spread[$0 * outputStride..<$0 * outputStride + outputChannels] }
  }
}
