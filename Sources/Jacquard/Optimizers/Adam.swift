internal import Randomness
internal import Support

/// Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), with PyTorch's conventions.
///
/// `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `p ← p − learningRate · m̂ / (√v̂ + ε)` with bias-corrected
/// `m̂` and `v̂`. Adam adds the decay to the gradient, AdamW shrinks the parameters by `learningRate · weightDecay`
/// first. Decay leaves biases and norms alone.
public struct Adam: Optimizer {
  /// Decay of the first moment.
  public let beta1: Float
  /// Decay of the second moment.
  public let beta2: Float
  /// Added to the root of the second moment.
  public let epsilon: Float
  /// The strength of the decay.
  public let weightDecay: Float
  /// Whether the decay acts on the parameters (AdamW) rather than through the gradient.
  public let isDecoupled: Bool

  /// Adam, or AdamW with `isDecoupled`.
  public init(
    beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0, isDecoupled: Bool = false
  ) {
    require(beta1 >= 0 && beta1 < 1, "Adam: beta1 must be 0 to below 1, found \(beta1)")
    require(beta2 >= 0 && beta2 < 1, "Adam: beta2 must be 0 to below 1, found \(beta2)")
    require(epsilon > 0, "Adam: epsilon must be positive, found \(epsilon)")
    require(weightDecay >= 0, "Adam: weightDecay must not be negative, found \(weightDecay)")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  public var momentCount: Int { 2 }

  public func apply(_ update: borrowing ParameterUpdate) {
    var parameters = update.parameters
    var first = update.moment(0)
    var second = update.moment(1)
    Kernels.adam(
      self, learningRate: update.learningRate, decay: update.tensor.specification.role == .weight ? weightDecay : 0,
      step: update.step, gradientScale: update.gradientScale, gradient: update.gradient, first: &first,
      second: &second, parameters: &parameters)
  }

  /// `1 − betaᵗ`, in Double because `beta2` is close to 1.
  static func correction(_ beta: Float, step: Int) -> Float {
    Float(1 - ElementaryFunctions.power(Double(beta), step))
  }
}
