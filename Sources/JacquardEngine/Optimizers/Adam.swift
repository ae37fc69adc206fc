internal import Randomness
internal import Support

/// Adam (Kingma and Ba 2015), with PyTorch's conventions.
///
/// `g ← g + weightDecay · p`, `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `p ← p − learningRate · m̂ / (√v̂ + ε)` with bias-corrected `m̂` and
/// `v̂`. Decay does not apply to biases and norms.
public struct Adam: Optimizer {
  /// Decay of the first moment.
  public let beta1: Float
  /// Decay of the second moment.
  public let beta2: Float
  /// Added to the root of the second moment.
  public let epsilon: Float
  /// The weight of the L2 penalty's gradient.
  public let weightDecay: Float

  /// Adam; the betas must be from 0 to below 1.
  public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0) {
    require(beta1 >= 0 && beta1 < 1, "Adam: beta1 must be 0 to below 1, found \(beta1)")
    require(beta2 >= 0 && beta2 < 1, "Adam: beta2 must be 0 to below 1, found \(beta2)")
    require(epsilon > 0, "Adam: epsilon must be positive, found \(epsilon)")
    require(weightDecay >= 0, "Adam: weightDecay must not be negative, found \(weightDecay)")
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var momentNames: [String] { ["first", "second"] }

  public func apply(_ update: borrowing ParameterUpdate) {
    apply(update, decay: update.decay(weightDecay), decoupledDecay: 0)
  }

  /// One step with decay in the gradient, and one that first shrinks the parameters by `learningRate · decoupledDecay`.
  func apply(_ update: borrowing ParameterUpdate, decay: Float, decoupledDecay: Float) {
    var parameters = update.parameters
    var first = update.moment(0)
    var second = update.moment(1)
    Kernels.adam(
      self, learningRate: update.learningRate, decay: decay, decoupledDecay: decoupledDecay, step: update.step,
      gradientScale: update.gradientScale, gradient: update.gradient, first: &first, second: &second,
      parameters: &parameters)
  }

  /// `1 − betaᵗ`, in Double because `beta2` is close to 1.
  static func correction(_ beta: Float, step: Int) -> Float {
    Float(1 - ElementaryFunctions.power(Double(beta), step))
  }
}

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), with PyTorch's conventions.
///
/// The parameters shrink by `learningRate · weightDecay` before each step of Adam, whose gradient has no decay. Decay does not apply to biases and
/// norms.
public struct AdamW: Optimizer {
  /// The strength of the decay.
  public let weightDecay: Float
  private let adam: Adam

  /// AdamW; the betas must be from 0 to below 1.
  public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01) {
    require(weightDecay >= 0, "AdamW: weightDecay must not be negative, found \(weightDecay)")
    self.weightDecay = weightDecay
    adam = Adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  public var momentNames: [String] { adam.momentNames }

  public func apply(_ update: borrowing ParameterUpdate) {
    adam.apply(update, decay: 0, decoupledDecay: update.decay(weightDecay))
  }
}
