internal import LinearAlgebra
internal import Support

/// The operator of `Conv2D`, alone or as a block that includes the norm, activation and max pool that follow it.
///
/// A shard is processed a few images at a time, so that each step finds the output of the previous one in the cache. The product applies the bias and
/// the activation; the pool follows at once, or is part of the product if the product supports it. Backward undoes pool, activation and norm for the
/// same few images and hands them to the convolution. With a pool, a gradient of the size of the convolution's output never exists for a whole shard.
///
/// In training a norm passes over all shards twice, so the block keeps the convolution's output as its second output. In inference the norm is folded
/// into the weights (`hasFoldedNorm`).
struct Convolution: Operator {
  private(set) var convolution: PlannedConvolution
  let usesBias: Bool
  var norm: BatchNormalization?
  var hasFoldedNorm = false
  var slope: Float = 1
  var pool: Window?
  /// Its place in an operator that contains it: of its parameters, its states and its prepared floats.
  var place = (parameter: 0, state: 0, prepared: 0)

  init(geometry: ConvolutionGeometry, usesBias: Bool, options: ComputeOptions) {
    convolution = PlannedConvolution(geometry, options: options)
    self.usesBias = usesBias
  }

  var geometry: ConvolutionGeometry { convolution.geometry }

  /// The same block, without work needed only by passes that will not run.
  func limited(to passes: Set<ConvolutionPass>) -> Convolution {
    var block = self
    block.convolution = convolution.limited(to: passes)
    return block
  }

  var retains: Retention { followsOutput ? [.input, .output] : .input }
  var trainingPhases: Int { trainsNorm ? 2 : 1 }
  var exchangeCount: Int { trainsNorm ? norm?.exchangeCount ?? 0 : 0 }

  /// One byte per pooled output: the winner's place in its window.
  var savedBytesPerImage: Int { pool.map { $0.outputPixels * geometry.outputChannels } ?? 0 }

  /// Whether the block contains a norm with its own statistics.
  var trainsNorm: Bool { norm != nil && !hasFoldedNorm }
  /// Whether backward reads outputs: for the sign of an activation, or for the input of a norm.
  private var followsOutput: Bool { slope != 1 || trainsNorm }
  /// Whether the convolution's output passes through scratch memory and is neither the block's output nor its second output.
  var isStaged: Bool { isSpread || (pool != nil && !trainsNorm) }
  /// Whether the convolution pools its results before storing them.
  var poolsInStore: Bool { !trainsNorm && convolution.pools && (pool?.isPlainPairs ?? false) }
  /// Whether the convolution's pixels have more floats than channels.
  var isSpread: Bool { geometry.outputStride != geometry.outputChannels }
  /// Whether the pool requires dense pixels.
  var poolsDense: Bool { isSpread && !(pool?.isPlainPairs ?? true) }
  /// Floats of one image's dense output.
  var denseCount: Int { geometry.outputPixels * geometry.outputChannels }

  // MARK: The scratch memory

  /// Images processed at once: few enough for the staged output to stay in the cache.
  var imagesPerCall: Int {
    let limit = convolution.imagesPerCall
    return usesStage ? max(1, min(limit, Self.stagedFloats / geometry.outputCount)) : limit
  }

  /// 384 KiB, part of a second-level cache of 1 MiB.
  private static let stagedFloats = 96 * 1024

  /// Whether there is a stage: forward or backward memory for the convolution's output of a few images.
  private var usesStage: Bool { isStaged || pool != nil }

  private var stageCount: Int { usesStage ? (imagesPerCall * geometry.outputCount + 15) / 16 * 16 : 0 }
  /// Norms and most pools take dense pixels. If the convolution spreads its pixels, the stage holds both layouts.
  private var secondStageCount: Int { isSpread && (trainsNorm || poolsDense) ? stageCount : 0 }
  private var accumulatorsStart: Int { stageCount + secondStageCount }
  private var callStart: Int { accumulatorsStart + (convolution.accumulatorCount + 15) / 16 * 16 }
  private var normStart: Int { callStart + (convolution.scratchCount + 15) / 16 * 16 }
  var scratchCount: Int { normStart + (trainsNorm ? norm?.scratchCount ?? 0 : 0) }

  func stage(_ images: Int) -> Range<Int> { 0..<images * geometry.outputCount }
  func secondStage(_ images: Int, perImage: Int) -> Range<Int> { stageCount..<stageCount + images * perImage }
  var accumulators: Range<Int> { accumulatorsStart..<accumulatorsStart + convolution.accumulatorCount }
  var callScratch: Range<Int> { callStart..<callStart + convolution.scratchCount }
  /// The norm with its offsets in the block's scratch memory and among its parameters.
  var placedNorm: BatchNormalization? {
    guard var norm = norm else { return nil }
    norm.firstParameter = place.parameter + (usesBias ? 2 : 1)
    norm.firstScratch = normStart
    return norm
  }

  /// The runs of images that are processed at once.
  func calls(_ images: Int) -> Runs { Runs(of: min(imagesPerCall, max(1, images)), count: images) }

  // MARK: Values derived from the parameters

  private var biasCount: Int { usesBias || hasFoldedNorm ? (geometry.outputStride + 15) / 16 * 16 : 0 }
  private var foldedCount: Int { hasFoldedNorm ? (geometry.weightCount + 15) / 16 * 16 : 0 }
  private var preparedBias: Range<Int> { place.prepared..<place.prepared + biasCount }
  private var foldedWeights: Range<Int> { preparedBias.upperBound..<preparedBias.upperBound + geometry.weightCount }
  var methodsPrepared: Range<Int> {
    let first = preparedBias.upperBound + foldedCount
    return first..<first + convolution.preparedCount
  }
  var preparedCount: Int { methodsPrepared.upperBound - place.prepared }

  func prepare(_ pass: borrowing PreparePass) {
    if hasFoldedNorm {
      fold(pass)
    } else if usesBias {
      var bias = pass.prepared(preparedBias)
      Kernels.copy(pass.parameter(place.parameter + 1), to: &bias)
    }
    var prepared = pass.prepared(methodsPrepared)
    convolution.prepare(
      weights: hasFoldedNorm ? pass.filledPrepared(foldedWeights) : pass.parameter(place.parameter), into: &prepared)
  }

  /// The weights and bias of a single convolution that equals the convolution and its norm with running statistics.
  private func fold(_ pass: borrowing PreparePass) {
    guard let norm = placedNorm else { return }
    let channels = geometry.outputChannels
    let first = norm.firstParameter
    let (scale, offset) = (pass.parameter(first), pass.parameter(first + 1))
    let (mean, variance) = (pass.state(place.state), pass.state(place.state + 1))
    let weights = pass.parameter(place.parameter)
    let own = usesBias ? pass.parameter(place.parameter + 1) : Span()
    var bias = pass.prepared(preparedBias)
    var folded = pass.prepared(foldedWeights)
    for channel in 0..<channels {
      let factor = Double(scale[channel]) / (Double(variance[channel]) + Double(norm.epsilon)).squareRoot()
      let start = own.isEmpty ? 0 : Double(own[channel])
      bias[channel] = Float(Double(offset[channel]) + (start - Double(mean[channel])) * factor)
      for index in stride(from: channel, to: geometry.weightCount, by: channels) {
        folded[index] = Float(Double(weights[index]) * factor)
      }
    }
  }

  // MARK: Forward

  func forward(_ pass: borrowing ForwardPass) {
    if trainsNorm { return forwardWithNorm(pass) }
    for images in calls(pass.imageCount) {
      if poolsInStore {
        convolveAndPool(pass, images)
      } else if isStaged {
        var staged = pass.scratch(stage(images.count))
        convolve(pass, images, slope: slope, into: &staged)
        finish(pass, images, pass.filledScratch(stage(images.count)))
      } else {
        var output = pass.output()
        var part = output.part(images.times(geometry.outputCount))
        convolve(pass, images, slope: slope, into: &part)
      }
    }
  }

  /// Convolves some images and applies the bias and the activation of `slope`.
  func convolve(
    _ pass: borrowing ForwardPass, _ images: Range<Int>, slope: Float, into output: inout MutableSpan<Float>
  ) {
    var scratch = pass.scratch(callScratch)
    convolution.forward(
      call(pass, images), epilogue: Epilogue(bias: bias(pass), slope: slope), output: &output, scratch: &scratch)
  }

  /// Convolves some images and applies the bias, the activation and the pool.
  private func convolveAndPool(_ pass: borrowing ForwardPass, _ images: Range<Int>) {
    guard let pool else { return }
    let pooled = images.times(pool.outputPixels * geometry.outputChannels)
    var output = pass.output()
    var choices = pass.saved
    var outputPart = output.part(pooled)
    var choicesPart = choices.part(pooled)
    var scratch = pass.scratch(callScratch)
    convolution.forwardAndPool(
      call(pass, images), epilogue: Epilogue(bias: bias(pass), slope: slope), output: &outputPart,
      choices: &choicesPart, scratch: &scratch)
  }

  /// The convolution's input for some images.
  @_lifetime(borrow pass)
  private func call(_ pass: borrowing ForwardPass, _ images: Range<Int>) -> ConvolutionCall {
    ConvolutionCall(
      images: images, of: pass.imageCount, input: pass.input().extracting(images.times(geometry.input.count)),
      outputGradient: Span(), weights: weights(pass), prepared: pass.prepared.extracting(methodsPrepared))
  }

  /// The weights, with the norm if it is folded.
  @_lifetime(borrow pass)
  func weights(_ pass: borrowing ForwardPass) -> Span<Float> {
    hasFoldedNorm ? pass.prepared.extracting(foldedWeights) : pass.parameter(place.parameter)
  }

  /// The bias, with the norm if it is folded; empty for a convolution without either.
  @_lifetime(borrow pass)
  func bias(_ pass: borrowing ForwardPass) -> Span<Float> { pass.prepared.extracting(preparedBias) }

  /// Pools the staged output, or copies its channels to dense pixels.
  func finish(_ pass: borrowing ForwardPass, _ images: Range<Int>, _ staged: Span<Float>) {
    var output = pass.output()
    guard let pool else {
      var part = output.part(images.times(denseCount))
      return compact(staged, into: &part, images: images.count)
    }
    let pooled = images.times(pool.outputPixels * geometry.outputChannels)
    var choices = pass.saved
    var outputPart = output.part(pooled)
    var choicesPart = choices.part(pooled)
    guard poolsDense else {
      return Kernels.maxPool(
        pool, input: staged, stride: geometry.outputStride, output: &outputPart, choices: &choicesPart,
        images: images.count)
    }
    var dense = pass.scratch(secondStage(images.count, perImage: denseCount))
    compact(staged, into: &dense, images: images.count)
    Kernels.maxPool(
      pool, input: pass.filledScratch(secondStage(images.count, perImage: denseCount)),
      stride: geometry.outputChannels, output: &outputPart, choices: &choicesPart, images: images.count)
  }

  func compact(_ staged: Span<Float>, into output: inout MutableSpan<Float>, images: Int) {
    Kernels.copyRows(
      staged, stride: geometry.outputStride, to: &output, stride: geometry.outputChannels,
      rows: images * geometry.outputPixels, columns: geometry.outputChannels)
  }
}

extension Range<Int> {
  /// The elements of these images, `perImage` for each.
  func times(_ perImage: Int) -> Range<Int> { lowerBound * perImage..<upperBound * perImage }
}
