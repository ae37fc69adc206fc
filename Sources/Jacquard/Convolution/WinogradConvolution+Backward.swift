internal import BLAS
internal import Support

extension WinogradConvolution {
  func backwardWeights(
    images: Int, input: Span<Float>, outputGradient: Span<Float>, call: CallInShard,
    weightGradient: inout MutableSpan<Float>, accumulators: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    let (inputStride, outputStride) = planeStrides(images)
    scratch.withParts(planes * inputStride) { inputPlanes, outputPlanes in
      Kernels.winogradOutputAdjoint(
        outputTiles, outputGradient, into: &outputPlanes, planeStride: outputStride, images: images)
      Kernels.winogradInput(inputTiles, input, into: &inputPlanes, planeStride: inputStride, images: images)
      accumulate(images, inputPlanes.span, inputStride, outputPlanes.span, outputStride, call, into: &accumulators)
    }
    finishWeights(call, accumulators.span, into: &weightGradient)
  }

  func backwardData(
    images: Int, outputGradient: Span<Float>, weights: Span<Float>, prepared: Span<Float>,
    inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let (inputStride, outputStride) = planeStrides(images)
    scratch.withParts(planes * inputStride) { inputPlanes, outputPlanes in
      Kernels.winogradOutputAdjoint(
        outputTiles, outputGradient, into: &outputPlanes, planeStride: outputStride, images: images)
      spread(
        images, outputPlanes.span, outputStride, prepared, into: &inputGradient, planes: &inputPlanes, inputStride)
    }
  }

  /// Both halves with one transform of the gradient.
  func backward(
    images: Int, input: Span<Float>, outputGradient: Span<Float>, weights: Span<Float>, prepared: Span<Float>,
    call: CallInShard, weightGradient: inout MutableSpan<Float>, inputGradient: inout MutableSpan<Float>,
    accumulators: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let (inputStride, outputStride) = planeStrides(images)
    scratch.withParts(planes * inputStride) { inputPlanes, outputPlanes in
      Kernels.winogradOutputAdjoint(
        outputTiles, outputGradient, into: &outputPlanes, planeStride: outputStride, images: images)
      Kernels.winogradInput(inputTiles, input, into: &inputPlanes, planeStride: inputStride, images: images)
      accumulate(images, inputPlanes.span, inputStride, outputPlanes.span, outputStride, call, into: &accumulators)
      spread(
        images, outputPlanes.span, outputStride, prepared, into: &inputGradient, planes: &inputPlanes, inputStride)
    }
    finishWeights(call, accumulators.span, into: &weightGradient)
  }

  /// accumulators += Vᵀ (A g Aᵀ), plane by plane
  private func accumulate(
    _ images: Int, _ inputPlanes: Span<Float>, _ inputStride: Int, _ outputPlanes: Span<Float>, _ outputStride: Int,
    _ call: CallInShard, into accumulators: inout MutableSpan<Float>
  ) {
    let (inputs, outputs) = (geometry.input.channels, geometry.outputChannels)
    let tiles = images * inputTiles.perImage
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
    _ images: Int, _ outputPlanes: Span<Float>, _ outputStride: Int, _ prepared: Span<Float>,
    into inputGradient: inout MutableSpan<Float>, planes inputPlanes: inout MutableSpan<Float>, _ inputStride: Int
  ) {
    multiply(
      images, dataProduct, outputPlanes, geometry.outputChannels, outputStride,
      prepared.extracting(dataWeights..<prepared.count), into: &inputPlanes, geometry.input.channels, inputStride)
    Kernels.fill(&inputGradient, with: 0)
    Kernels.winogradInputAdjoint(
      inputTiles, inputPlanes.span, planeStride: inputStride, addingTo: &inputGradient, images: images)
  }

  private func finishWeights(
    _ call: CallInShard, _ accumulators: Span<Float>, into weightGradient: inout MutableSpan<Float>
  ) {
    guard call.isLast else { return }
    Kernels.winogradWeightsAdjoint(
      size, accumulators, planeStride: weightPlane, count: geometry.input.channels * geometry.outputChannels,
      into: &weightGradient)
  }
}
