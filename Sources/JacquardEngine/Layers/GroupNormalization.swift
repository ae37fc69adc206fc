internal import Samples
internal import Support

/// Normalization within an image: the operator of `GroupNorm` and `LayerNorm`.
///
/// An image consists of `sets` sets of `pixels` pixels; statistics are computed per group of channels and set. Moments of the channels are merged
/// over the group in Double (Chan, Golub and LeVeque 1979). Backward recomputes them.
struct GroupNormalization: Operator {
  let channels: Int
  let groups: Int
  let pixels: Int
  let sets: Int
  let epsilon: Float

  static func tensors(_ channels: Int) -> [TensorSpecification] {
    [
      TensorSpecification("weight", .vector(channels), role: .bias, initial: .constant(1)),
      TensorSpecification("bias", .vector(channels), role: .bias, initial: .constant(0)),
    ]
  }

  var isGradientInPlace: Bool { true }
  var retains: Retention { .input }
  var scratchCount: Int { 6 * channels }

  private func part(_ index: Int) -> Range<Int> { index * channels..<(index + 1) * channels }
  private var mean: Range<Int> { part(0) }
  private var inverseDeviation: Range<Int> { part(1) }
  private var scale: Range<Int> { part(2) }
  // Backward: the sums over the set, then the constant to subtract and the factor of each distance from the mean.
  private var gradientSum: Range<Int> { part(3) }
  private var productSum: Range<Int> { part(4) }
  private var offset: Range<Int> { part(5) }

  private var groupWidth: Int { channels / groups }
  /// The number of elements in a set.
  private func place(of set: Int) -> Range<Int> {
    set * pixels * channels..<(set + 1) * pixels * channels
  }

  /// Writes the mean and `1 / √(variance + ε)` of each channel's group to scratch memory.
  private func findStatistics(_ pass: borrowing ForwardPass, of values: Span<Float>) {
    var mean = pass.scratch(self.mean)
    var deviation = pass.scratch(inverseDeviation)
    Kernels.channelMoments(values, mean: &mean, squares: &deviation, rows: pixels)
    for group in 0..<groups {
      let members = group * groupWidth..<(group + 1) * groupWidth
      var average = 0.0
      for channel in members { average += Double(mean[channel]) }
      average /= Double(groupWidth)
      var square = 0.0
      for channel in members {
        let difference = Double(mean[channel]) - average
        square += Double(deviation[channel]) + Double(pixels) * difference * difference
      }
      let inverse = 1 / (square / Double(pixels * groupWidth) + Double(epsilon)).squareRoot()
      for channel in members {
        mean[channel] = Float(average)
        deviation[channel] = Float(inverse)
      }
    }
  }

  func forward(_ pass: borrowing ForwardPass) {
    let (input, weight, bias) = (pass.input(), pass.parameter(0), pass.parameter(1))
    var output = pass.output()
    for set in 0..<pass.imageCount * sets {
      let values = input.extracting(place(of: set))
      findStatistics(pass, of: values)
      let deviation = pass.filledScratch(inverseDeviation)
      var scale = pass.scratch(self.scale)
      for channel in 0..<channels { scale[channel] = weight[channel] * deviation[channel] }
      var target = output.part(place(of: set))
      Kernels.channelNormalize(
        values, mean: pass.filledScratch(mean), scale: pass.filledScratch(self.scale), offset: bias, slope: 1,
        output: &target, rows: pixels)
    }
  }

  func backward(_ pass: borrowing BackwardPass) {
    let input = pass.input()
    var weightGradient = pass.parameterGradient(0)
    var biasGradient = pass.parameterGradient(1)
    Kernels.fill(&weightGradient, with: 0)
    Kernels.fill(&biasGradient, with: 0)
    for set in 0..<pass.imageCount * sets {
      let values = input.extracting(place(of: set))
      findStatistics(pass.forward, of: values)
      addSums(
        pass, values, pass.outputGradient().extracting(place(of: set)), weight: &weightGradient, bias: &biasGradient)
      guard pass.needsInputGradient else { continue }
      prepareChange(pass)
      var gradient = pass.changingOutputGradient()
      var target = gradient.part(place(of: set))
      change(pass, values, &target)
    }
  }

  /// Adds Σ g and Σ g (x − mean) of the set to scratch memory and to the gradients of the parameters.
  private func addSums(
    _ pass: borrowing BackwardPass, _ values: Span<Float>, _ gradient: Span<Float>,
    weight: inout MutableSpan<Float>, bias: inout MutableSpan<Float>
  ) {
    var sums = pass.scratch(gradientSum)
    var products = pass.scratch(productSum)
    Kernels.fill(&sums, with: 0)
    Kernels.fill(&products, with: 0)
    Kernels.addChannelGradientSums(
      values, gradient: gradient, mean: pass.filledScratch(mean), gradientSum: &sums, productSum: &products,
      rows: pixels)
    let deviation = pass.filledScratch(inverseDeviation)
    for channel in 0..<channels {
      weight[channel] += products[channel] * deviation[channel]
      bias[channel] += sums[channel]
    }
  }

  /// From those sums: dx = scale · g − offset − (x − mean) · slope, where offset and slope are means over the group.
  private func prepareChange(_ pass: borrowing BackwardPass) {
    let (weight, deviation) = (pass.parameter(0), pass.filledScratch(inverseDeviation))
    let sums = pass.filledScratch(gradientSum)
    var scale = pass.scratch(self.scale)
    var offset = pass.scratch(self.offset)
    var slope = pass.scratch(productSum)
    for group in 0..<groups {
      let members = group * groupWidth..<(group + 1) * groupWidth
      var (sum, product) = (0.0, 0.0)
      for channel in members {
        sum += Double(weight[channel]) * Double(sums[channel])
        product += Double(weight[channel]) * Double(slope[channel])
      }
      let count = Double(pixels * groupWidth)
      for channel in members {
        let inverse = Double(deviation[channel])
        scale[channel] = weight[channel] * deviation[channel]
        offset[channel] = Float(inverse * sum / count)
        slope[channel] = Float(inverse * inverse * inverse * product / count)
      }
    }
  }

  private func change(
    _ pass: borrowing BackwardPass, _ values: Span<Float>, _ gradient: inout MutableSpan<Float>
  ) {
    let (mean, scale) = (pass.filledScratch(self.mean), pass.filledScratch(self.scale))
    let (offset, slope) = (pass.filledScratch(self.offset), pass.filledScratch(productSum))
    for first in stride(from: 0, to: values.count, by: channels) {
      let row = values.extracting(first..<first + channels)
      var target = gradient.part(first..<first + channels)
      for channel in 0..<channels {
        let centred = row[channel] - mean[channel]
        target[channel] = scale[channel] * target[channel] - offset[channel] - centred * slope[channel]
      }
    }
  }
}
