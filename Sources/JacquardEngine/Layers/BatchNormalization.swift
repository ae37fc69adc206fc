internal import Samples

/// Batch normalization by channel: the operator of `BatchNorm2D`, and a part of a convolution's block.
///
/// Each pass has two phases; all shards meet between them. In the forward pass, phase 0 writes each shard's means and sums of squared deviations to
/// the exchange memory. In phase 1 every shard merges them in shard order, in Double (Chan, Golub and LeVeque 1979), and normalizes. The backward
/// pass exchanges the two sums over the gradient in the same way. So the result does not depend on which worker computed which shard. The steps below
/// process some images at a time; the operator in `BatchNormalization+Operator.swift` processes all at once.
struct BatchNormalization: Sendable {
  let shape: Shape
  let epsilon: Float
  let momentum: Float
  /// The index of its weight among the operator's parameters; the bias follows.
  var firstParameter = 0
  /// The offset of its part of the operator's scratch memory.
  var firstScratch = 0

  var channels: Int { shape.channels }
  var exchangeCount: Int { 4 * channels }
  var scratchCount: Int { 6 * channels }

  // Parts of the exchange memory.
  private var means: Range<Int> { 0..<channels }
  private var squares: Range<Int> { channels..<2 * channels }
  private var gradientSums: Range<Int> { 2 * channels..<3 * channels }
  private var productSums: Range<Int> { 3 * channels..<4 * channels }

  // Parts of the scratch memory; the forward pass uses the third for the scale.
  private func scratchPart(_ index: Int) -> Range<Int> {
    firstScratch + index * channels..<firstScratch + (index + 1) * channels
  }
  private var mean: Range<Int> { scratchPart(0) }
  private var inverseDeviation: Range<Int> { scratchPart(1) }
  private var scale: Range<Int> { scratchPart(2) }
  private var meanGradient: Range<Int> { scratchPart(2) }
  private var meanProduct: Range<Int> { scratchPart(3) }
  private var partMean: Range<Int> { scratchPart(4) }
  private var partSquares: Range<Int> { scratchPart(5) }

  // MARK: Forward

  /// Adds the moments of some images' values to the shard's; `before` images have been added already.
  func addMoments(_ pass: borrowing ForwardPass, _ values: Span<Float>, after before: Int) {
    let rows = values.count / channels
    var mean = pass.exchange(means)
    var square = pass.exchange(squares)
    guard before > 0 else {
      return Kernels.channelMoments(values, mean: &mean, squares: &square, rows: rows)
    }
    var newMean = pass.scratch(partMean)
    var newSquare = pass.scratch(partSquares)
    Kernels.channelMoments(values, mean: &newMean, squares: &newSquare, rows: rows)
    let (count, added) = (Double(before * shape.pixels), Double(rows))
    for channel in 0..<channels {
      let difference = Double(newMean[channel]) - Double(mean[channel])
      mean[channel] = Float(Double(mean[channel]) + difference * added / (count + added))
      square[channel] = Float(
        Double(square[channel]) + Double(newSquare[channel])
          + difference * difference * count * added / (count + added))
    }
  }

  /// Merges the shards' moments into scratch memory; in the forward pass, shard 0 updates the running statistics.
  func mergeStatistics(_ pass: borrowing ForwardPass) {
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
    // Statistics that training does not move stay fixed.
    let share = momentum == 0 ? 0 : pass.statisticsShare ?? Double(momentum)
    let kept = 1 - share
    runningMean[channel] = Float(kept * Double(runningMean[channel]) + share * mean)
    runningVariance[channel] = Float(kept * Double(runningVariance[channel]) + share * variance)
  }

  /// After `mergeStatistics`: the factor that normalizes and applies the weight.
  func prepareScale(_ pass: borrowing ForwardPass) {
    let deviation = pass.filledScratch(inverseDeviation)
    let weight = pass.parameter(firstParameter)
    var scale = pass.scratch(self.scale)
    for channel in 0..<channels { scale[channel] = Float(Double(weight[channel]) * Double(deviation[channel])) }
  }

  /// In inference: the running mean, and the factor derived from the running variance.
  func prepareRunningScale(_ pass: borrowing ForwardPass) {
    var mean = pass.scratch(self.mean)
    var scale = pass.scratch(self.scale)
    let (runningMean, variance) = (pass.state(0), pass.state(1))
    let weight = pass.parameter(firstParameter)
    for channel in 0..<channels {
      mean[channel] = runningMean[channel]
      scale[channel] = Float(
        Double(weight[channel]) / (Double(variance[channel]) + Double(epsilon)).squareRoot())
    }
  }

  /// output ← x where x > 0, slope · x elsewhere, with x = (values − mean) · scale + bias, for some images
  func normalize(
    _ pass: borrowing ForwardPass, _ values: Span<Float>, slope: Float, into output: inout MutableSpan<Float>
  ) {
    Kernels.channelNormalize(
      values, mean: pass.filledScratch(mean), scale: pass.filledScratch(scale),
      offset: pass.parameter(firstParameter + 1), slope: slope, output: &output, rows: values.count / channels)
  }

  // MARK: Backward

  /// With running statistics the norm is a factor and an offset for each channel, so the gradient is multiplied by the factor.
  func scaleGradient(_ pass: borrowing BackwardPass) {
    prepareRunningScale(pass.forward)
    let scale = pass.filledScratch(self.scale)
    var gradient = pass.changingOutputGradient()
    for first in stride(from: 0, to: gradient.count, by: channels) {
      for channel in 0..<channels { gradient[first + channel] *= scale[channel] }
    }
  }

  /// Instead of the batch's statistics: the running ones, which depend on no image, so the means of the two sums count as 0.
  func prepareRunningStatistics(_ pass: borrowing BackwardPass) {
    var mean = pass.scratch(self.mean)
    var deviation = pass.scratch(inverseDeviation)
    let (runningMean, variance) = (pass.forward.state(0), pass.forward.state(1))
    for channel in 0..<channels {
      mean[channel] = runningMean[channel]
      deviation[channel] = Float(1 / (Double(variance[channel]) + Double(epsilon)).squareRoot())
    }
    var meanGradient = pass.scratch(self.meanGradient)
    var meanProduct = pass.scratch(self.meanProduct)
    Kernels.fill(&meanGradient, with: 0)
    Kernels.fill(&meanProduct, with: 0)
  }

  /// Call this before the first `addSums` of a shard.
  func clearSums(_ pass: borrowing BackwardPass) {
    var gradientSum = pass.exchange(gradientSums)
    var productSum = pass.exchange(productSums)
    Kernels.fill(&gradientSum, with: 0)
    Kernels.fill(&productSum, with: 0)
  }

  /// Adds the sums Σ g and Σ g · (x − mean) of some images to the shard's.
  func addSums(_ pass: borrowing BackwardPass, _ values: Span<Float>, gradient: Span<Float>) {
    var gradientSum = pass.exchange(gradientSums)
    var productSum = pass.exchange(productSums)
    Kernels.addChannelGradientSums(
      values, gradient: gradient, mean: pass.filledScratch(mean), gradientSum: &gradientSum, productSum: &productSum,
      rows: values.count / channels)
  }

  /// Call this after the last `addSums`: turns the second sum into Σ g · normalized x. Both sums are the gradients of the parameters.
  func finishSums(_ pass: borrowing BackwardPass) {
    let deviation = pass.filledScratch(inverseDeviation)
    var productSum = pass.exchange(productSums)
    for channel in 0..<channels { productSum[channel] *= deviation[channel] }
    var weightGradient = pass.parameterGradient(firstParameter)
    var biasGradient = pass.parameterGradient(firstParameter + 1)
    Kernels.copy(pass.exchange(productSums, ofShard: pass.shard), to: &weightGradient)
    Kernels.copy(pass.exchange(gradientSums, ofShard: pass.shard), to: &biasGradient)
  }

  /// After all shards have met: the batch's means of the two sums.
  func prepareMeans(_ pass: borrowing BackwardPass) {
    var meanGradient = pass.scratch(self.meanGradient)
    var meanProduct = pass.scratch(self.meanProduct)
    mergeSums(pass, gradientSums, into: &meanGradient)
    mergeSums(pass, productSums, into: &meanProduct)
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

  /// Turns the gradient of some images' normalized values into the gradient of the values, in place.
  func changeGradient(_ pass: borrowing BackwardPass, _ values: Span<Float>, gradient: inout MutableSpan<Float>) {
    // Read-only spans: a mutable span kept for reading is boxed on the heap.
    let statistics = ChannelStatistics(
      mean: pass.filledScratch(mean), inverseDeviation: pass.filledScratch(inverseDeviation))
    Kernels.channelNormalizationBackward(
      values, gradient: &gradient, scale: pass.parameter(firstParameter), statistics: statistics,
      meanGradient: pass.filledScratch(meanGradient), meanProduct: pass.filledScratch(meanProduct),
      rows: values.count / channels)
  }
}
