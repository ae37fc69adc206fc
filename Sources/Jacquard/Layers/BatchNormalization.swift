/// The operator of `BatchNorm2D`: two phases each way, between which all shards meet.
///
/// Forward, phase 0 leaves each shard's means and sums of squared deviations in the exchange; in phase 1 every shard
/// merges them in shard order, in Double (Chan, Golub and LeVeque 1979), and normalizes. Backward exchanges the two
/// sums over the gradient in the same way. So the result does not depend on who computed which shard.
struct BatchNormalization: Operator {
  let shape: Shape
  let epsilon: Float
  let momentum: Float

  private var channels: Int { shape.channels }

  var isGradientInPlace: Bool { true }
  var retains: Retention { .input }
  var trainingPhases: Int { 2 }
  var exchangeCount: Int { 4 * channels }
  var scratchCount: Int { 4 * channels }

  // Parts of the exchange memory.
  private var means: Range<Int> { 0..<channels }
  private var squares: Range<Int> { channels..<2 * channels }
  private var gradientSums: Range<Int> { 2 * channels..<3 * channels }
  private var productSums: Range<Int> { 3 * channels..<4 * channels }

  // Parts of the scratch memory; the third serves forward as the scale.
  private var mean: Range<Int> { 0..<channels }
  private var inverseDeviation: Range<Int> { channels..<2 * channels }
  private var meanGradient: Range<Int> { 2 * channels..<3 * channels }
  private var meanProduct: Range<Int> { 3 * channels..<4 * channels }

  func forward(_ pass: borrowing ForwardPass) {
    guard pass.isTraining else {
      normalize(pass, mean: pass.state(0)) { 1 / (Double(pass.state(1)[$0]) + Double(epsilon)).squareRoot() }
      return
    }
    if pass.phase == 0 {
      var mean = pass.exchange(means)
      var square = pass.exchange(squares)
      Kernels.channelMoments(pass.input(), mean: &mean, squares: &square, rows: pass.imageCount * shape.pixels)
      return
    }
    mergeStatistics(pass)
    let deviation = pass.filledScratch(inverseDeviation)
    normalize(pass, mean: pass.filledScratch(mean)) { Double(deviation[$0]) }
  }

  func backward(_ pass: borrowing BackwardPass) {
    let rows = pass.imageCount * shape.pixels
    mergeStatistics(pass.forward)
    // Spans to read: a mutable span that is kept for reading lands in a box on the heap.
    let statistics = ChannelStatistics(
      mean: pass.filledScratch(mean), inverseDeviation: pass.filledScratch(inverseDeviation))
    if pass.phase == 0 {
      var gradientSum = pass.exchange(gradientSums)
      var productSum = pass.exchange(productSums)
      Kernels.channelGradientSums(
        pass.input(), gradient: pass.outputGradient(), statistics: statistics, gradientSum: &gradientSum,
        productSum: &productSum, rows: rows)
      var weightGradient = pass.parameterGradient(0)
      var biasGradient = pass.parameterGradient(1)
      Kernels.copy(productSum.span, to: &weightGradient)
      Kernels.copy(gradientSum.span, to: &biasGradient)
      return
    }
    guard pass.needsInputGradient else { return }
    var meanGradient = pass.scratch(self.meanGradient)
    var meanProduct = pass.scratch(self.meanProduct)
    mergeSums(pass, gradientSums, into: &meanGradient)
    mergeSums(pass, productSums, into: &meanProduct)
    var gradient = pass.changingOutputGradient()
    Kernels.channelNormalizationBackward(
      pass.input(), gradient: &gradient, scale: pass.parameter(0), statistics: statistics,
      meanGradient: meanGradient.span, meanProduct: meanProduct.span, rows: rows)
  }

  /// output ← (input − mean) · scale + bias, with the scale that normalizes and then applies the weight.
  private func normalize(
    _ pass: borrowing ForwardPass, mean: Span<Float>, inverseDeviation: (Int) -> Double
  ) {
    var scale = pass.scratch(meanGradient)
    let weight = pass.parameter(0)
    for channel in 0..<channels { scale[channel] = Float(Double(weight[channel]) * inverseDeviation(channel)) }
    var output = pass.output()
    Kernels.channelNormalize(
      pass.input(), mean: mean, scale: scale.span, offset: pass.parameter(1), output: &output,
      rows: pass.imageCount * shape.pixels)
  }

  /// Merges the shards' moments into scratch memory; shard 0 moves the running statistics on the way forward.
  private func mergeStatistics(_ pass: borrowing ForwardPass) {
    var mean = pass.scratch(self.mean)
    var deviation = pass.scratch(inverseDeviation)
    let movesStatistics = pass.shard == 0 && pass.movesStates
    for channel in 0..<channels {
      var (count, average, square) = (0.0, 0.0, 0.0)
      for shard in 0..<pass.shardCount where pass.imageCount(ofShard: shard) > 0 {
        let shardCount = Double(pass.imageCount(ofShard: shard) * shape.pixels)
        let difference = Double(pass.exchange(means, ofShard: shard)[channel]) - average
        let total = count + shardCount
        average += difference * shardCount / total
        square +=
          Double(pass.exchange(squares, ofShard: shard)[channel]) + difference * difference * count * shardCount / total
        count = total
      }
      mean[channel] = Float(average)
      deviation[channel] = Float(1 / (square / count + Double(epsilon)).squareRoot())
      if movesStatistics { moveStatistics(pass, channel, mean: average, variance: square / max(1, count - 1)) }
    }
  }

  private func moveStatistics(_ pass: borrowing ForwardPass, _ channel: Int, mean: Double, variance: Double) {
    var runningMean = pass.changingState(0)
    var runningVariance = pass.changingState(1)
    let kept = 1 - Double(momentum)
    runningMean[channel] = Float(kept * Double(runningMean[channel]) + Double(momentum) * mean)
    runningVariance[channel] = Float(kept * Double(runningVariance[channel]) + Double(momentum) * variance)
  }

  /// means[c] ← Σ over shards of their sums, in shard order, divided by the batch's rows
  private func mergeSums(_ pass: borrowing BackwardPass, _ part: Range<Int>, into means: inout MutableSpan<Float>) {
    let rows = Double(pass.batchCount * shape.pixels)
    for channel in 0..<channels {
      var sum = 0.0
      for shard in 0..<pass.shardCount where pass.imageCount(ofShard: shard) > 0 {
        sum += Double(pass.exchange(part, ofShard: shard)[channel])
      }
      means[channel] = Float(sum / rows)
    }
  }
}
