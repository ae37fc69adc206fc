internal import Support

// A block with a norm in training. Forward convolves and gathers statistics in its first phase; once all shards have
// met, it normalizes, activates and pools in the second. Backward gathers the norm's sums in its first phase and runs
// the rest in the second. The convolution's output is the block's output number 1.
extension Convolution {
  private var perImage: Int { denseCount }

  func forwardWithNorm(_ pass: borrowing ForwardPass) {
    guard let norm = placedNorm else { return }
    if pass.phase == 0 {
      convolveAndMeasure(pass, norm)
    } else {
      norm.mergeStatistics(pass)
      norm.prepareScale(pass)
      normalizeAndPool(pass, norm)
    }
  }

  private func convolveAndMeasure(_ pass: borrowing ForwardPass, _ norm: BatchNormalization) {
    for images in calls(pass.imageCount) {
      var convolved = pass.output(1)
      var part = convolved.part(images.times(perImage))
      if isStaged {
        var staged = pass.scratch(stage(images.count))
        convolve(pass, images, slope: 1, into: &staged)
        compact(pass.filledScratch(stage(images.count)), into: &part, images: images.count)
      } else {
        convolve(pass, images, slope: 1, into: &part)
      }
      norm.addMoments(pass, pass.filledOutput(1).extracting(images.times(perImage)), after: images.lowerBound)
    }
  }

  private func normalizeAndPool(_ pass: borrowing ForwardPass, _ norm: BatchNormalization) {
    for images in calls(pass.imageCount) { normalizeAndPool(pass, norm, images) }
  }

  private func normalizeAndPool(_ pass: borrowing ForwardPass, _ norm: BatchNormalization, _ images: Range<Int>) {
    let convolved = pass.filledOutput(1).extracting(images.times(perImage))
    var output = pass.output()
    guard let pool else {
      var part = output.part(images.times(perImage))
      return norm.normalize(pass, convolved, slope: slope, into: &part)
    }
    var staged = pass.scratch(0..<images.count * perImage)
    norm.normalize(pass, convolved, slope: slope, into: &staged)
    let pooled = images.times(pool.outputPixels * geometry.outputChannels)
    var choices = pass.saved
    var outputPart = output.part(pooled)
    var choicesPart = choices.part(pooled)
    Kernels.maxPool(
      pool, input: pass.filledScratch(0..<images.count * perImage), stride: geometry.outputChannels,
      output: &outputPart, choices: &choicesPart, images: images.count)
  }

  func backwardWithNorm(_ pass: borrowing BackwardPass) {
    guard let norm = placedNorm else { return }
    norm.mergeStatistics(pass.forward)
    if pass.phase == 0 {
      maskGradient(pass)
      norm.clearSums(pass)
      for images in calls(pass.imageCount) {
        let convolved = pass.output(1).extracting(images.times(perImage))
        if pool != nil {
          unpool(pass, images)
          norm.addSums(pass, convolved, gradient: pass.filledScratch(0..<images.count * perImage))
        } else {
          norm.addSums(pass, convolved, gradient: pass.outputGradient().extracting(images.times(perImage)))
        }
      }
      norm.finishSums(pass)
      return
    }
    norm.prepareMeans(pass)
    if usesBias {
      var biasGradient = pass.parameterGradient(1)
      Kernels.fill(&biasGradient, with: 0)
    }
    for images in calls(pass.imageCount) { backwardThroughNorm(pass, norm, images) }
  }

  private func backwardThroughNorm(_ pass: borrowing BackwardPass, _ norm: BatchNormalization, _ images: Range<Int>) {
    let convolved = pass.output(1).extracting(images.times(perImage))
    if pool != nil {
      unpool(pass, images)
      var staged = pass.scratch(0..<images.count * perImage)
      norm.changeGradient(pass, convolved, gradient: &staged)
      passOn(pass, images, pass.filledScratch(0..<images.count * perImage))
    } else {
      var gradient = pass.changingOutputGradient()
      var part = gradient.part(images.times(perImage))
      norm.changeGradient(pass, convolved, gradient: &part)
      passOn(pass, images, pass.outputGradient().extracting(images.times(perImage)))
    }
  }

  /// Hands the dense gradient of the convolution's output to the convolution.
  private func passOn(_ pass: borrowing BackwardPass, _ images: Range<Int>, _ gradient: Span<Float>) {
    if usesBias {
      var biasGradient = pass.parameterGradient(1)
      Kernels.addSumOfRows(gradient, to: &biasGradient, rows: images.count * geometry.outputPixels)
    }
    guard isSpread else { return convolveBackward(pass, images, gradient) }
    let place = secondStage(images.count, perImage: geometry.outputCount)
    var widened = pass.scratch(place)
    spread(gradient, into: &widened, images: images.count)
    convolveBackward(pass, images, pass.filledScratch(place))
  }

  private func unpool(_ pass: borrowing BackwardPass, _ images: Range<Int>) {
    guard let pool else { return }
    let pooled = images.times(pool.outputPixels * geometry.outputChannels)
    var staged = pass.scratch(0..<images.count * perImage)
    Kernels.maxPoolBackward(
      pool, outputGradient: pass.outputGradient().extracting(pooled), choices: pass.saved.extracting(pooled),
      inputGradient: &staged, stride: geometry.outputChannels, images: images.count)
  }
}
