import Glibc
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

extension GroupNorm: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let width = input.channels / groups
    return input.normalized(epsilon: Double(epsilon), context) { index in
      // The image and the group of its channel.
      index / input.shape.count * groups + index % input.channels / width
    }
  }
}

extension LayerNorm: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    input.normalized(epsilon: Double(epsilon), context) { $0 / input.channels }
  }
}

extension LocalResponseNorm: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    var output = ReferenceBatch(input.shape, from: input, roundings: 2 * size + 8)
    for index in input.values.indices {
      let channel = index % input.channels
      let neighbors = max(0, channel - (size - 1) / 2)...min(input.channels - 1, channel + size / 2)
      let squares = neighbors.reduce(0.0) { sum, neighbor in
        let x = input.values[index - channel + neighbor]
        return sum + x * x
      }
      let base = Double(bias) + Double(alpha) / Double(size) * squares
      output.values[index] = input.values[index] * pow(base, -Double(beta))
    }
    return output
  }
}

extension ReferenceBatch {
  /// Centered and scaled by the statistics of the elements of one set, then by parameters of each channel.
  fileprivate func normalized(
    epsilon: Double, _ context: ReferenceContext, set: (Int) -> Int
  ) -> ReferenceBatch {
    let (weight, bias) = (context["weight"], context["bias"])
    let sets = Dictionary(grouping: values.indices, by: set)
    var output = ReferenceBatch(shape, from: self, roundings: images * pixels + 4 * channels + 16)
    for members in sets.values {
      let count = Double(members.count)
      let mean = members.reduce(0) { $0 + values[$1] } / count
      let variance = members.reduce(0) { $0 + (values[$1] - mean) * (values[$1] - mean) } / count
      for index in members {
        let channel = index % channels
        output.values[index] =
          weight[channel] * (values[index] - mean) / (variance + epsilon).squareRoot() + bias[channel]
      }
    }
    return output
  }
}
