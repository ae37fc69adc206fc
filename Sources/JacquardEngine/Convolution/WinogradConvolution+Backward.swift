internal import LinearAlgebra
internal import Support
internal import Samples

extension WinogradConvolution {
  func backwardWeights(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    accumulators: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    for rows in bands {
      let band = band(rows, of: call.images)
      scratch.withParts(planes * band.inputStride) { inputPlanes, outputPlanes in
        transformGradient(call, band, into: &outputPlanes)
        transformInput(call, band, into: &inputPlanes)
        accumulate(call, band, inputPlanes.span, outputPlanes.span, into: &accumulators)
      }
    }
    finishWeights(call, accumulators.span, into: &weightGradient)
  }

  func backwardData(
    _ call: borrowing ConvolutionCall, inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    Kernels.fill(&inputGradient, with: 0)
    for rows in bands {
      let band = band(rows, of: call.images)
      scratch.withParts(planes * band.inputStride) { inputPlanes, outputPlanes in
        transformGradient(call, band, into: &outputPlanes)
        spread(call, band, outputPlanes.span, into: &inputGradient, planes: &inputPlanes)
      }
    }
  }

  /// Both backward passes, sharing one transform of the gradient.
  func backward(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    inputGradient: inout MutableSpan<Float>, accumulators: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    Kernels.fill(&inputGradient, with: 0)
    for rows in bands {
      let band = band(rows, of: call.images)
      scratch.withParts(planes * band.inputStride) { inputPlanes, outputPlanes in
        transformGradient(call, band, into: &outputPlanes)
        transformInput(call, band, into: &inputPlanes)
        accumulate(call, band, inputPlanes.span, outputPlanes.span, into: &accumulators)
        spread(call, band, outputPlanes.span, into: &inputGradient, planes: &inputPlanes)
      }
    }
    finishWeights(call, accumulators.span, into: &weightGradient)
  }

  /// planes ← A g Aᵀ
  private func transformGradient(
    _ call: borrowing ConvolutionCall, _ band: Band, into planes: inout MutableSpan<Float>
  ) {
    Kernels.winogradOutputAdjoint(
      band.output, call.outputGradient, into: &planes, planeStride: band.outputStride, images: call.images)
  }

  /// planes ← Bᵀ x B
  private func transformInput(_ call: borrowing ConvolutionCall, _ band: Band, into planes: inout MutableSpan<Float>) {
    Kernels.winogradInput(band.input, call.input, into: &planes, planeStride: band.inputStride, images: call.images)
  }

  /// accumulators += Vᵀ (A g Aᵀ), plane by plane
  private func accumulate(
    _ call: borrowing ConvolutionCall, _ band: Band, _ inputPlanes: Span<Float>, _ outputPlanes: Span<Float>,
    into accumulators: inout MutableSpan<Float>
  ) {
    let (inputs, outputs) = (geometry.input.channels, geometry.outputChannels)
    let run = forwardProduct.cut.rows
    for plane in 0..<planes {
      var sum = accumulators.part(plane * weightPlane..<plane * weightPlane + inputs * outputs)
      for first in stride(from: 0, to: band.tiles, by: run) {
        let count = min(run, band.tiles - first)
        let (a, b) = (plane * band.inputStride + first * inputs, plane * band.outputStride + first * outputs)
        product.multiply(
          m: inputs, n: outputs, k: count, inputPlanes.extracting(a..<a + count * inputs), transposeA: true,
          leadingDimensionA: inputs, outputPlanes.extracting(b..<b + count * outputs), leadingDimensionB: outputs,
          beta: call.isFirst && band.isFirst && first == 0 ? 0 : 1, into: &sum, leadingDimensionC: outputs)
      }
    }
  }

  /// inputGradient += Σ over tiles of B ((A g Aᵀ) Uᵀ) Bᵀ
  private func spread(
    _ call: borrowing ConvolutionCall, _ band: Band, _ outputPlanes: Span<Float>,
    into inputGradient: inout MutableSpan<Float>, planes inputPlanes: inout MutableSpan<Float>
  ) {
    for plane in 0..<planes {
      var products = inputPlanes.part(plane * band.inputStride..<(plane + 1) * band.inputStride)
      multiply(
        band, dataProduct, outputPlanes.extracting(plane * band.outputStride..<(plane + 1) * band.outputStride),
        geometry.outputChannels, weights(plane: plane, isData: true, of: call.prepared), into: &products,
        geometry.input.channels)
    }
    Kernels.winogradInputAdjoint(
      band.input, inputPlanes.span, planeStride: band.inputStride, addingTo: &inputGradient, images: call.images)
  }

  private func finishWeights(
    _ call: borrowing ConvolutionCall, _ accumulators: Span<Float>, into weightGradient: inout MutableSpan<Float>
  ) {
    guard call.isLast else { return }
    Kernels.winogradWeightsAdjoint(
      size, accumulators, planeStride: weightPlane, part: 0..<geometry.input.channels * geometry.outputChannels,
      into: &weightGradient)
  }
}
