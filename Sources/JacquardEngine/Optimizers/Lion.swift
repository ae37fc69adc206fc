internal import Support

/// Lion, evolved sign momentum (Chen et al. 2023): every step has the same size, regardless of the size of the gradient.
///
/// `p ← p − learningRate · (sign(β₁ m + (1 − β₁) g) + weightDecay · p)`, then `m ← β₂ m + (1 − β₂) g`. To move the parameters about as far as AdamW,
/// use a learning rate 3 to 10 times smaller and a weight decay larger by the same factor. Decay does not apply to biases and norms.
public struct Lion: Optimizer {
  /// The share of the momentum in the direction of a step.
  public let beta1: Float
  /// Decay of the momentum.
  public let beta2: Float
  /// The strength of the decay.
  public let weightDecay: Float

  /// Lion; the betas must be from 0 to below 1.
  public init(beta1: Float = 0.9, beta2: Float = 0.99, weightDecay: Float = 0) {
    require(beta1 >= 0 && beta1 < 1, "Lion: beta1 must be 0 to below 1, found \(beta1)")
    require(beta2 >= 0 && beta2 < 1, "Lion: beta2 must be 0 to below 1, found \(beta2)")
    require(weightDecay >= 0, "Lion: weightDecay must not be negative, found \(weightDecay)")
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
  }

  public var momentNames: [String] { ["momentum"] }

  public func apply(_ update: borrowing ParameterUpdate) {
    let gradient = update.gradient
    var parameters = update.parameters
    var momentum = update.moment(0)
    let count = parameters.count
    // With equal counts known, elements need no bounds checks and the loop vectorizes.
    require(gradient.count == count && momentum.count == count, "Lion: spans differ in length")
    let (rate, scale) = (update.learningRate, update.gradientScale)
    let shrink = 1 - rate * update.decay(weightDecay)
    let (new1, new2) = (1 - beta1, 1 - beta2)
    for index in 0..<count {
      let (g, m) = (gradient[index] * scale, momentum[index])
      let direction = beta1 * m + new1 * g
      let sign: Float = direction > 0 ? 1 : direction < 0 ? -1 : 0
      parameters[index] = parameters[index] * shrink - rate * sign
      momentum[index] = beta2 * m + new2 * g
    }
  }
}
