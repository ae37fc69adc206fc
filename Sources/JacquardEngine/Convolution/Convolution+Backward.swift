internal import Support

extension Convolution {
  func backward(_ pass: borrowing BackwardPass) {
    if trainsNorm { return backwardWithNorm(pass) }
    maskGradient(pass)
    addBiasGradient(pass)
    for images in calls(pass.imageCount) {
      if needsStagedGradient {
        stageGradient(pass, images)
        convolveBackward(pass, images, pass.filledScratch(stage(images.count)))
      } else {
        convolveBackward(pass, images, pass.outputGradient().extracting(images.times(geometry.outputCount)))
      }
    }
  }

  /// Whether the gradient of the convolution's output has a different layout from that of the block's output.
  var needsStagedGradient: Bool { pool != nil || isSpread }

  /// Undoes the activation in place: where an output is not above zero, passes on `slope` times its gradient.
  func maskGradient(_ pass: borrowing BackwardPass) {
    guard slope != 1 else { return }
    var gradient = pass.changingOutputGradient()
    Kernels.leakyReLUBackward(output: pass.output(), gradient: &gradient, slope: slope)
  }

  /// If no norm lies between them, the gradient that the pool sends to a channel is the gradient of the channel's bias.
  func addBiasGradient(_ pass: borrowing BackwardPass) {
    guard usesBias else { return }
    var biasGradient = pass.parameterGradient(1)
    let gradient = pass.outputGradient()
    Kernels.sumRows(gradient, into: &biasGradient, rows: gradient.count / geometry.outputChannels)
  }

  /// Spreads the gradient of some images to the staged output of the convolution.
  func stageGradient(_ pass: borrowing BackwardPass, _ images: Range<Int>) {
    var staged = pass.scratch(stage(images.count))
    guard let pool else {
      return spread(pass.outputGradient().extracting(images.times(denseCount)), into: &staged, images: images.count)
    }
    let pooled = images.times(pool.outputPixels * geometry.outputChannels)
    let (gradient, choices) = (pass.outputGradient().extracting(pooled), pass.saved.extracting(pooled))
    guard poolsDense else {
      return Kernels.maxPoolBackward(
        pool, outputGradient: gradient, choices: choices, inputGradient: &staged, stride: geometry.outputStride,
        images: images.count)
    }
    let place = secondStage(images.count, perImage: denseCount)
    var dense = pass.scratch(place)
    Kernels.maxPoolBackward(
      pool, outputGradient: gradient, choices: choices, inputGradient: &dense, stride: geometry.outputChannels,
      images: images.count)
    spread(pass.filledScratch(place), into: &staged, images: images.count)
  }

  /// Spreads dense pixels to the stride that the convolution needs.
  func spread(_ dense: Span<Float>, into spread: inout MutableSpan<Float>, images: Int) {
    Kernels.copyRows(
      dense, stride: geometry.outputChannels, to: &spread, stride: geometry.outputStride,
      rows: images * geometry.outputPixels, columns: geometry.outputChannels)
  }

  /// The gradients of the weights and the input from the gradient of the convolution's output, for some images.
  func convolveBackward(_ pass: borrowing BackwardPass, _ images: Range<Int>, _ gradient: Span<Float>) {
    let call = ConvolutionCall(
      images: images, of: pass.imageCount, input: pass.input().extracting(images.times(geometry.input.count)),
      outputGradient: gradient, weights: pass.parameter(0), prepared: pass.prepared.extracting(methodsPrepared))
    var weightGradient = pass.parameterGradient(0)
    var kept = pass.scratch(accumulators)
    var scratch = pass.scratch(callScratch)
    guard pass.needsInputGradient else {
      return convolution.backwardWeights(
        call, weightGradient: &weightGradient, accumulators: &kept, scratch: &scratch)
    }
    var inputGradient = pass.inputGradient()
    var part = inputGradient.part(images.times(geometry.input.count))
    convolution.backward(
      call, weightGradient: &weightGradient, inputGradient: &part, accumulators: &kept, scratch: &scratch)
  }
}
