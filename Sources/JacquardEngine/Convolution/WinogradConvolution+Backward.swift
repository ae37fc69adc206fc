internal import BLAS
internal import Support
internal import Samples

extension WinogradConvolution {
  func backwardWeights(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    accumulators: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let (inputStride, outputStride) = planeStrides(call.images)
    scratch.withParts(planes * inputStride) { inputPlanes, outputPlanes in
      Kernels.winogradOutputAdjoint(
        outputTiles, call.outputGradient, into: &outputPlanes, planeStride: outputStride, images: call.images)
      Kernels.winogradInput(inputTiles, call.input, into: &inputPlanes, planeStride: inputStride, images: call.images)
      accumulate(call, inputPlanes.span, inputStride, outputPlanes.span, outputStride, into: &accumulators)
    }
    finishWeights(call, accumulators.span, into: &weightGradient)
  }

  func backwardData(
    _ call: borrowing ConvolutionCall, inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let (inputStride, outputStride) = planeStrides(call.images)
    scratch.withParts(planes * inputStride) { inputPlanes, outputPlanes in
      Kernels.winogradOutputAdjoint(
        outputTiles, call.outputGradient, into: &outputPlanes, planeStride: outputStride, images: call.images)
      spread(call, outputPlanes.span, outputStride, into: &inputGradient, planes: &inputPlanes, inputStride)
    }
  }

  /// Both halves with one transform of the gradient.
  func backward(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    inputGradient: inout MutableSpan<Float>, accumulators: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    let (inputStride, outputStride) = planeStrides(call.images)
    scratch.withParts(planes * inputStride) { inputPlanes, outputPlanes in
      Kernels.winogradOutputAdjoint(
        outputTiles, call.outputGradient, into: &outputPlanes, planeStride: outputStride, images: call.images)
      Kernels.winogradInput(inputTiles, call.input, into: &inputPlanes, planeStride: inputStride, images: call.images)
      accumulate(call, inputPlanes.span, inputStride, outputPlanes.span, outputStride, into: &accumulators)
      spread(call, outputPlanes.span, outputStride, into: &inputGradient, planes: &inputPlanes, inputStride)
    }
    finishWeights(call, accumulators.span, into: &weightGradient)
  }

  /// accumulators += Vᵀ (A g Aᵀ), plane by plane
  private func accumulate(
    _ call: borrowing ConvolutionCall, _ inputPlanes: Span<Float>, _ inputStride: Int, _ outputPlanes: Span<Float>,
    _ outputStride: Int, into accumulators: inout MutableSpan<Float>
  ) {
    let (inputs, outputs) = (geometry.input.channels, geometry.outputChannels)
    let tiles = call.images * inputTiles.perImage
    let run = forwardProduct.cut.rows
    for plane in 0..<planes {
      var sum = accumulators.part(plane * weightPlane..<plane * weightPlane + inputs * outputs)
      for first in stride(from: 0, to: tiles, by: run) {
        let count = min(run, tiles - first)
        let (a, b) = (plane * inputStride + first * inputs, plane * outputStride + first * outputs)
        product.multiply(
          m: inputs, n: outputs, k: count, inputPlanes.extracting(a..<a + count * inputs), transposeA: true,
          leadingDimensionA: inputs, outputPlanes.extracting(b..<b + count * outputs), leadingDimensionB: outputs,
          beta: call.isFirst && first == 0 ? 0 : 1, into: &sum, leadingDimensionC: outputs)
      }
    }
  }

  /// inputGradient ← Σ over tiles of B ((A g Aᵀ) Uᵀ) Bᵀ
  private func spread(
    _ call: borrowing ConvolutionCall, _ outputPlanes: Span<Float>, _ outputStride: Int,
    into inputGradient: inout MutableSpan<Float>, planes inputPlanes: inout MutableSpan<Float>, _ inputStride: Int
  ) {
    multiply(
      call.images, dataProduct, outputPlanes, geometry.outputChannels, outputStride,
      call.prepared.extracting(dataWeights..<call.prepared.count), into: &inputPlanes, geometry.input.channels,
      inputStride)
    Kernels.fill(&inputGradient, with: 0)
    Kernels.winogradInputAdjoint(
      inputTiles, inputPlanes.span, planeStride: inputStride, addingTo: &inputGradient, images: call.images)
  }

  private func finishWeights(
    _ call: borrowing ConvolutionCall, _ accumulators: Span<Float>, into weightGradient: inout MutableSpan<Float>
  ) {
    guard call.isLast else { return }
    Kernels.winogradWeightsAdjoint(
      size, accumulators, planeStride: weightPlane, count: geometry.input.channels * geometry.outputChannels,
      into: &weightGradient)
  }
}
