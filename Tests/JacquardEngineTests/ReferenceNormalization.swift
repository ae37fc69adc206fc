import JacquardEngine

extension BatchNorm2D: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let (weight, bias) = (context["weight"], context["bias"])
    var output = ReferenceBatch(input.shape, from: input, roundings: input.images * input.pixels + 8)
    for channel in 0..<input.channels {
      let (mean, variance) =
        context.isTraining
        ? ReferenceMoments(input, channel: channel).meanAndVariance
        : (context["running_mean"][channel], context["running_var"][channel])
      let deviation = (variance + Double(epsilon)).squareRoot()
      for index in stride(from: channel, to: input.values.count, by: input.channels) {
        output.values[index] = weight[channel] * (input.values[index] - mean) / deviation + bias[channel]
      }
    }
    return output
  }
}

/// Mean and variance of one channel over all pixels of all images.
struct ReferenceMoments {
  let count: Int
  let mean: Double
  /// Σ (x − mean)²
  let squares: Double

  init(_ batch: ReferenceBatch, channel: Int) {
    let values = stride(from: channel, to: batch.values.count, by: batch.channels).map { batch.values[$0] }
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// The variance is the biased one, with which a batch is normalized.
  var meanAndVariance: (Double, Double) { (mean, squares / Double(count)) }
  /// The variance that running statistics keep.
  var unbiasedVariance: Double { squares / Double(count - 1) }
}
