internal import Support

/// Stochastic gradient descent, with momentum and Nesterov's variant, as in PyTorch: the first velocity is the first gradient.
///
/// `g ← g + weightDecay · p`, `v ← momentum · v + g`, `p ← p − learningRate · (nesterov ? g + momentum · v : v)`.
/// Decay does not apply to biases and norms.
public struct SGD: Optimizer {
  /// The share of the velocity that each step keeps, from 0 to below 1.
  public let momentum: Float
  /// Whether the step looks ahead along the velocity.
  public let nesterov: Bool
  /// The weight of the L2 penalty's gradient.
  public let weightDecay: Float

  /// Gradient descent; `nesterov` needs a momentum above 0.
  public init(momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0) {
    let allowed = TrainingConfiguration.Settings.momentum
    require(
      allowed.allows(Double(momentum)), "SGD: momentum must be \(allowed.allowedBriefly), found \(momentum)")
    require(!nesterov || momentum > 0, "SGD: nesterov needs a momentum above 0")
    require(weightDecay >= 0, "SGD: weightDecay must not be negative, found \(weightDecay)")
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  public var momentNames: [String] { momentum == 0 ? [] : ["velocity"] }

  public func apply(_ update: borrowing ParameterUpdate) {
    var parameters = update.parameters
    // Without momentum there is no velocity, and the kernel does not use it.
    var velocity = update.moment(momentum == 0 ? nil : 0)
    Kernels.sgd(
      learningRate: update.learningRate, momentum: momentum, nesterov: nesterov,
      decay: update.decay(weightDecay), isFirstStep: update.step == 1,
      gradientScale: update.gradientScale, gradient: update.gradient, velocity: &velocity, parameters: &parameters)
  }
}
