internal import LinearAlgebra
internal import Support

/// A convolution with so many weights that reading them takes longer than multiplying. All shards multiply together.
///
/// A deep layer has many channels and few pixels. Winograd's planes of its weights fill tens of megabytes, and the few tiles of one shard use each
/// plane only once. Here the shards write the transformed tiles of the whole batch to shared memory, and each shard multiplies some of the planes by
/// all tiles. So a step reads the weights once, and keeps one gradient of the weights instead of one per shard. The planes that a shard multiplies
/// depend only on the number of shards that have images, and every product covers the tiles of the whole batch, so the result does not depend on the
/// threads.
///
/// | phase | forward | backward |
/// | --- | --- | --- |
/// | 0 | | activation, sums of the norm |
/// | 1 | tiles of the input: Bᵀ x B | norm; tiles of the gradient and the input |
/// | 2 | some planes: V · U | some planes: Vᵀ · W, W · Uᵀ |
/// | 3 | output: Aᵀ p A, moments of the norm | gradient of the input; a part of the weights' gradient |
/// | 4 | norm and activation | |
///
/// Phase 0 does not touch the shared memory, because another shard may still be in the last phase of the previous operator.
struct WholeBatchConvolution: Operator {
  /// The block that this operator computes.
  let block: Convolution
  private let winograd: WinogradConvolution

  /// Nil for a block that each shard computes separately: one with fewer weights, with a pool, or with a pass that does not use Winograd's algorithm.
  init?(_ block: Convolution) {
    guard block.pool == nil, let winograd = block.convolution.winograd, winograd.hasManyWeights else { return nil }
    self.block = block
    self.winograd = winograd
  }

  var retains: Retention { block.retains }
  var trainingPhases: Int { block.trainsNorm ? 5 : 4 }
  var exchangeCount: Int { block.exchangeCount }
  var scratchCount: Int { norm?.scratchCount ?? 0 }
  var preparedCount: Int { winograd.preparedCount }
  func sumsShards(ofParameter index: Int) -> Bool { index == 0 }

  /// The planes of the batch's input and output tiles, and those of the weights' gradient.
  func sharedCount(images: Int) -> Int {
    let planes = winograd.allTiles(of: images)
    return winograd.planes * (planes.inputStride + planes.outputStride + winograd.weightPlane)
  }

  /// The norm with its offsets among the parameters and in scratch memory.
  private var norm: BatchNormalization? {
    guard block.trainsNorm, var norm = block.norm else { return nil }
    norm.firstParameter = block.usesBias ? 2 : 1
    return norm
  }

  func prepare(_ pass: borrowing PreparePass) {
    var prepared = pass.prepared
    winograd.prepare(weights: pass.parameter(0), into: &prepared)
  }

  // MARK: Forward

  func forward(_ pass: borrowing ForwardPass) {
    switch pass.phase {
    case 1: transformInput(pass)
    case 2: multiplyPlanes(pass)
    case 3: transformOutput(pass)
    case 4: normalize(pass)
    default: break
    }
  }

  private func transformInput(_ pass: borrowing ForwardPass) {
    let batch = places(pass)
    var tiles = pass.shared(batch.input(from: batch.firstTile))
    Kernels.winogradInput(
      winograd.inputTiles, pass.input(), into: &tiles, planeStride: batch.inputStride, images: pass.imageCount)
  }

  private func multiplyPlanes(_ pass: borrowing ForwardPass) {
    let batch = places(pass)
    for plane in batch.planes {
      var products = pass.shared(batch.output(plane: plane))
      winograd.multiply(
        batch.band, winograd.forwardProduct, pass.filledShared(batch.input(plane: plane)), batch.inputs,
        winograd.weights(plane: plane, isData: false, of: pass.prepared), into: &products, batch.outputs)
    }
  }

  private func transformOutput(_ pass: borrowing ForwardPass) {
    let batch = places(pass)
    let planes = pass.filledShared(batch.output(from: batch.firstTile))
    let bias = block.usesBias ? pass.parameter(1) : Span()
    var output = norm == nil ? pass.output() : pass.output(1)
    Kernels.winogradOutput(
      winograd.outputTiles, planes, planeStride: batch.outputStride,
      epilogue: Epilogue(bias: bias, slope: norm == nil ? block.slope : 1), into: &output, images: pass.imageCount)
    norm?.addMoments(pass, pass.filledOutput(1), after: 0)
  }

  private func normalize(_ pass: borrowing ForwardPass) {
    guard let norm else { return }
    norm.mergeStatistics(pass)
    norm.prepareScale(pass)
    var output = pass.output()
    norm.normalize(pass, pass.filledOutput(1), slope: block.slope, into: &output)
  }

  // MARK: Backward

  func backward(_ pass: borrowing BackwardPass) {
    switch pass.phase {
    case 0: sumGradient(pass)
    case 1: transformGradient(pass)
    case 2: multiplyGradientPlanes(pass)
    case 3: finish(pass)
    default: break
    }
  }

  /// Undoes the activation and computes the sums for the norm and the bias.
  private func sumGradient(_ pass: borrowing BackwardPass) {
    block.maskGradient(pass)
    guard let norm else { return block.addBiasGradient(pass) }
    norm.mergeStatistics(pass.forward)
    norm.clearSums(pass)
    norm.addSums(pass, pass.output(1), gradient: pass.outputGradient())
    norm.finishSums(pass)
  }

  private func transformGradient(_ pass: borrowing BackwardPass) {
    if let norm {
      norm.mergeStatistics(pass.forward)
      norm.prepareMeans(pass)
      var gradient = pass.changingOutputGradient()
      norm.changeGradient(pass, pass.output(1), gradient: &gradient)
      block.addBiasGradient(pass)
    }
    let batch = places(pass.forward)
    var tiles = pass.forward.shared(batch.output(from: batch.firstTile))
    Kernels.winogradOutputAdjoint(
      winograd.outputTiles, pass.outputGradient(), into: &tiles, planeStride: batch.outputStride,
      images: pass.imageCount)
    transformInput(pass.forward)
  }

  private func multiplyGradientPlanes(_ pass: borrowing BackwardPass) {
    let batch = places(pass.forward)
    for plane in batch.planes {
      let gradient = pass.forward.filledShared(batch.output(plane: plane))
      var sum = pass.forward.shared(batch.weights(plane: plane))
      block.convolution.product.multiply(
        m: batch.inputs, n: batch.outputs, k: batch.band.tiles, pass.forward.filledShared(batch.input(plane: plane)),
        transposeA: true, leadingDimensionA: batch.inputs, gradient, leadingDimensionB: batch.outputs, beta: 0,
        into: &sum, leadingDimensionC: batch.outputs)
      guard pass.needsInputGradient else { continue }
      // No shard needs the input's tiles of this plane any more.
      var products = pass.forward.shared(batch.input(plane: plane))
      winograd.multiply(
        batch.band, winograd.dataProduct, gradient, batch.outputs,
        winograd.weights(plane: plane, isData: true, of: pass.prepared), into: &products, batch.inputs)
    }
  }

  private func finish(_ pass: borrowing BackwardPass) {
    let batch = places(pass.forward)
    var weightGradient = pass.batchGradient(0)
    Kernels.winogradWeightsAdjoint(
      winograd.size, pass.forward.filledShared(batch.weights), planeStride: winograd.weightPlane,
      part: batch.part(of: batch.inputs * batch.outputs), into: &weightGradient)
    guard pass.needsInputGradient else { return }
    var inputGradient = pass.inputGradient()
    Kernels.fill(&inputGradient, with: 0)
    Kernels.winogradInputAdjoint(
      winograd.inputTiles, pass.forward.filledShared(batch.input(from: batch.firstTile)),
      planeStride: batch.inputStride, addingTo: &inputGradient, images: pass.imageCount)
  }

  /// The place of a shard's part of the batch.
  private func places(_ pass: borrowing ForwardPass) -> BatchPlaces {
    let live = (0..<pass.shardCount).reduce(0) { $0 + (pass.imageCount(ofShard: $1) > 0 ? 1 : 0) }
    return BatchPlaces(
      band: winograd.allTiles(of: pass.batchCount), firstTile: pass.firstImage * winograd.inputTiles.perImage,
      planeCount: winograd.planes, weightPlane: winograd.weightPlane, inputs: block.geometry.input.channels,
      outputs: block.geometry.outputChannels, shard: pass.shard, liveShards: live)
  }
}

/// The layout of a batch's planes in shared memory, and each shard's part of the work.
private struct BatchPlaces {
  let band: WinogradConvolution.Band
  let firstTile: Int
  let planeCount: Int
  let weightPlane: Int
  let inputs: Int
  let outputs: Int
  let shard: Int
  let liveShards: Int

  var inputStride: Int { band.inputStride }
  var outputStride: Int { band.outputStride }
  private var firstOutput: Int { planeCount * inputStride }
  private var firstWeight: Int { firstOutput + planeCount * outputStride }

  /// The planes that this shard multiplies.
  var planes: Range<Int> { planeCount * shard / liveShards..<planeCount * (shard + 1) / liveShards }

  /// The input's planes, starting at a tile.
  func input(from tile: Int) -> Range<Int> { tile * inputs..<firstOutput }
  /// The output's planes, starting at a tile.
  func output(from tile: Int) -> Range<Int> { firstOutput + tile * outputs..<firstWeight }
  func input(plane: Int) -> Range<Int> { plane * inputStride..<(plane + 1) * inputStride }
  func output(plane: Int) -> Range<Int> {
    firstOutput + plane * outputStride..<firstOutput + (plane + 1) * outputStride
  }
  /// The planes of the weights' gradient.
  var weights: Range<Int> { firstWeight..<firstWeight + planeCount * weightPlane }
  func weights(plane: Int) -> Range<Int> {
    firstWeight + plane * weightPlane..<firstWeight + plane * weightPlane + inputs * outputs
  }

  /// This shard's part of `count` elements; all parts but the last are whole vectors.
  func part(of count: Int) -> Range<Int> {
    let vectors = (count + 15) / 16
    return min(count, vectors * shard / liveShards * 16)..<min(count, vectors * (shard + 1) / liveShards * 16)
  }
}

extension Operator {
  /// The convolution that this operator computes, with the norm and activation that follow; nil for other operators.
  var convolutionBlock: Convolution? { self as? Convolution ?? (self as? WholeBatchConvolution)?.block }
}
