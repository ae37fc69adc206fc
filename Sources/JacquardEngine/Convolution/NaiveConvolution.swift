internal import LinearAlgebra
internal import Samples
/// A convolution in plain loops, straight from the definition: the reference for the other methods and the baseline for benchmarks.
struct NaiveConvolution: ConvolutionImplementation {
  private let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
  }

  var imagesPerCall: Int { .max }
  var scratchCount: Int { 0 }
  var accumulatorCount: Int { 0 }
  var preparedCount: Int { 0 }

  func prepare(weights: Span<Float>, into prepared: inout MutableSpan<Float>) {}

  func forward(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    let (input, weights) = (call.input, call.weights)
    forEachOutput(call.images) { pixel, channel in
      var sum = epilogue.bias.isEmpty ? 0 : epilogue.bias[channel]
      forEachTap(pixel, channel) { inputIndex, weightIndex in sum += input[inputIndex] * weights[weightIndex] }
      output[pixel * geometry.outputStride + channel] = sum > 0 ? sum : epilogue.slope * sum
    }
  }

  func backwardData(
    _ call: borrowing ConvolutionCall, inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let (outputGradient, weights) = (call.outputGradient, call.weights)
    Kernels.fill(&inputGradient, with: 0)
    forEachOutput(call.images) { pixel, channel in
      let gradient = outputGradient[pixel * geometry.outputStride + channel]
      forEachTap(pixel, channel) { inputIndex, weightIndex in
        inputGradient[inputIndex] += gradient * weights[weightIndex]
      }
    }
  }

  func backwardWeights(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    accumulators: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let (input, outputGradient) = (call.input, call.outputGradient)
    if call.isFirst { Kernels.fill(&weightGradient, with: 0) }
    forEachOutput(call.images) { pixel, channel in
      let gradient = outputGradient[pixel * geometry.outputStride + channel]
      forEachTap(pixel, channel) { inputIndex, weightIndex in
        weightGradient[weightIndex] += gradient * input[inputIndex]
      }
    }
  }

  /// Calls `body` with the pixel (numbered across images) and channel of each output.
  private func forEachOutput(_ images: Int, _ body: (_ pixel: Int, _ channel: Int) -> Void) {
    for pixel in 0..<images * geometry.outputPixels {
      for channel in 0..<geometry.outputChannels { body(pixel, channel) }
    }
  }

  /// Calls `body` with the indices of each input element that contributes to an output and of its weight.
  private func forEachTap(_ pixel: Int, _ channel: Int, _ body: (_ inputIndex: Int, _ weightIndex: Int) -> Void) {
    let window = geometry.window
    let (image, place) = pixel.quotientAndRemainder(dividingBy: geometry.outputPixels)
    let (outputRow, outputColumn) = place.quotientAndRemainder(dividingBy: geometry.outputWidth)
    let firstInput = geometry.inputChannels(ofGroup: channel / geometry.groupOutputs).lowerBound
    for kernelRow in 0..<window.size.height {
      let row = outputRow * window.stride.height - window.padding.top + kernelRow * window.dilation.height
      guard row >= 0 && row < window.input.height else { continue }
      for kernelColumn in 0..<window.size.width {
        let column = outputColumn * window.stride.width - window.padding.left + kernelColumn * window.dilation.width
        guard column >= 0 && column < window.input.width else { continue }
        let inputPixel = (image * window.input.height + row) * window.input.width + column
        let tap = kernelRow * window.size.width + kernelColumn
        for inputChannel in 0..<geometry.groupInputs {
          body(
            inputPixel * window.input.channels + firstInput + inputChannel,
            (tap * geometry.groupInputs + inputChannel) * geometry.outputChannels + channel)
        }
      }
    }
  }
}
