import Glibc
import JacquardEngine

/// An optimizer as in its paper (and in PyTorch), in Double, for one tensor.
struct OptimizerRule {
  let configuration: TrainingConfiguration
  /// The decay that applies to this tensor.
  let decay: Double
  private(set) var parameters: [Double]
  /// Σ |change| by element, over all steps.
  private(set) var movement: [Double]
  private var first: [Double]
  private var second: [Double]
  private var step = 0

  init(_ configuration: TrainingConfiguration, decays: Bool, parameters: [Float]) {
    self.configuration = configuration
    decay = decays ? configuration.weightDecay : 0
    self.parameters = parameters.map { Double($0) }
    movement = parameters.map { _ in 0 }
    (first, second) = (movement, movement)
  }

  mutating func apply(gradient: [Double], learningRate: Double) {
    step += 1
    for index in parameters.indices {
      let before = parameters[index]
      switch configuration.optimizer {
      case .sgd: descend(index, gradient[index], learningRate)
      case .adam: adapt(index, gradient[index] + decay * before, learningRate)
      case .adamw:
        parameters[index] -= learningRate * decay * before
        adapt(index, gradient[index], learningRate)
      case .lion:
        parameters[index] -= learningRate * decay * before
        followSign(index, gradient[index], learningRate)
      }
      movement[index] += abs(parameters[index] - before)
    }
  }

  private mutating func descend(_ index: Int, _ gradient: Double, _ learningRate: Double) {
    let momentum = configuration.momentum
    let decayed = gradient + decay * parameters[index]
    first[index] = step == 1 ? decayed : momentum * first[index] + decayed
    let direction = configuration.nesterov ? decayed + momentum * first[index] : first[index]
    parameters[index] -= learningRate * (momentum == 0 ? decayed : direction)
  }

  private mutating func followSign(_ index: Int, _ gradient: Double, _ learningRate: Double) {
    let direction = 0.9 * first[index] + 0.1 * gradient
    parameters[index] -= learningRate * (direction > 0 ? 1 : direction < 0 ? -1 : 0)
    first[index] = 0.99 * first[index] + 0.01 * gradient
  }

  private mutating func adapt(_ index: Int, _ gradient: Double, _ learningRate: Double) {
    let (beta1, beta2) = (0.9, 0.999)
    first[index] = beta1 * first[index] + (1 - beta1) * gradient
    second[index] = beta2 * second[index] + (1 - beta2) * gradient * gradient
    let mean = first[index] / (1 - pow(beta1, Double(step)))
    let deviation = (second[index] / (1 - pow(beta2, Double(step)))).squareRoot()
    parameters[index] -= learningRate * mean / (deviation + 1e-8)
  }
}
