extension TrainingConfiguration {
  /// The optimizers that files, the command line and C know by name. Their names, checks and numbers follow from this list. The position of a case in
  /// it is its number in C.
  public enum OptimizerKind: String, CaseIterable, Codable, Sendable {
    /// Gradient descent.
    case sgd
    /// Adam, with its decay in the gradient.
    case adam
    /// Adam with decoupled decay.
    case adamw
    /// The sign of a momentum, with decoupled decay.
    case lion
    /// Orthonormal steps for filters, Nesterov's momentum for the rest.
    case muon

    /// The default weight decay.
    public var defaultWeightDecay: Double {
      switch self {
      case .sgd, .adam, .lion, .muon: 0
      case .adamw: 0.01
      }
    }
  }

  /// The optimizer as a value.
  func makeOptimizer() -> any Optimizer {
    switch optimizer {
    case .sgd: SGD(momentum: Float(momentum), nesterov: nesterov, weightDecay: Float(weightDecay))
    case .adam: Adam(weightDecay: Float(weightDecay))
    case .adamw: AdamW(weightDecay: Float(weightDecay))
    case .lion: Lion(weightDecay: Float(weightDecay))
    case .muon: Muon(weightDecay: Float(weightDecay))
    }
  }
}
