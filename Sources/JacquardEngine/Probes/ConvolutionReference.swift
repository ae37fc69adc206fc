package import Samples

/// The passes of a convolution in Double, by plain loops from its definition: the reference for `ConvolutionProbe`.
package struct ConvolutionReference {
  private let geometry: ConvolutionGeometry
  private let images: Int

  /// A reference for the values of a probe of the same sizes; nil if the kernel does not fit.
  package init?(_ layer: Conv2D, input: Shape, images: Int) {
    guard let geometry = ConvolutionGeometry(layer, input: input) else { return nil }
    self.geometry = geometry
    self.images = images
  }

  /// The inputs: NHWC, and `[kernelHeight][kernelWidth][inputChannels / groups][outputChannels]`.
  package var values: (input: [Double], weights: [Double], outputGradient: [Double]) {
    (
      ConvolutionValues.input(geometry, images: images).map(Double.init),
      ConvolutionValues.weights(geometry).map(Double.init),
      ConvolutionValues.outputGradient(geometry, images: images).map(Double.init)
    )
  }

  /// The result of the pass, in the probe's order.
  package func result(of pass: ConvolutionPass) -> [Double] {
    let outputs = geometry.outputChannels
    let (input, weights, gradient) = values
    var result = [Double](repeating: 0, count: geometry.resultCount(of: pass, images: images))
    forEachTap { outputPixel, inputPixel, tap in
      for group in 0..<geometry.groups {
        let channels = group * geometry.groupOutputs..<(group + 1) * geometry.groupOutputs
        for (index, channel) in geometry.inputChannels(ofGroup: group).enumerated() {
          let weight = (tap * geometry.groupInputs + index) * outputs
          let (from, to) = (inputPixel * geometry.input.channels + channel, outputPixel * outputs)
          switch pass {
          case .forward: for k in channels { result[to + k] += input[from] * weights[weight + k] }
          case .backwardData: for k in channels { result[from] += gradient[to + k] * weights[weight + k] }
          case .backwardWeights: for k in channels { result[weight + k] += input[from] * gradient[to + k] }
          }
        }
      }
    }
    return result
  }

  /// Calls `body` for every pixel that contributes to an output pixel, with the numbers of both across all images and of the tap.
  private func forEachTap(_ body: (_ outputPixel: Int, _ inputPixel: Int, _ tap: Int) -> Void) {
    let window = geometry.window
    for image in 0..<images {
      for outputRow in 0..<geometry.outputHeight {
        for outputColumn in 0..<geometry.outputWidth {
          for tap in 0..<window.size.height * window.size.width {
            let (kernelRow, kernelColumn) = tap.quotientAndRemainder(dividingBy: window.size.width)
            let row = outputRow * window.stride.height - window.padding.top + kernelRow * window.dilation.height
            let column =
              outputColumn * window.stride.width - window.padding.left + kernelColumn * window.dilation.width
            guard 0..<window.input.height ~= row, 0..<window.input.width ~= column else { continue }
            body(
              (image * geometry.outputHeight + outputRow) * geometry.outputWidth + outputColumn,
              (image * window.input.height + row) * window.input.width + column, tap)
          }
        }
      }
    }
  }
}
