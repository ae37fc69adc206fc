import Glibc
import JacquardEngine

/// An optimizer as in its paper (and in PyTorch), in Double, for one tensor.
struct OptimizerRule {
  let configuration: TrainingConfiguration
  /// The tensor's dimensions in files: four for a filter bank, whose first is that of the outputs.
  let shape: [Int]
  /// The decay that applies to this tensor.
  let decay: Double
  private(set) var parameters: [Double]
  /// Σ |change| by element, over all steps.
  private(set) var movement: [Double]
  private var first: [Double]
  private var second: [Double]
  private var step = 0

  init(_ configuration: TrainingConfiguration, shape: [Int], parameters: [Float]) {
    self.configuration = configuration
    self.shape = shape
    decay = shape.count > 1 ? configuration.weightDecay : 0
    self.parameters = parameters.map { Double($0) }
    movement = parameters.map { _ in 0 }
    (first, second) = (movement, movement)
  }

  mutating func apply(gradient: [Double], learningRate: Double) {
    step += 1
    if configuration.optimizer == .muon, shape.count == 4 { return followMatrix(gradient, learningRate) }
    for index in parameters.indices {
      let before = parameters[index]
      switch configuration.optimizer {
      case .sgd:
        descend(
          index, gradient[index], learningRate, momentum: configuration.momentum, nesterov: configuration.nesterov)
      case .adam: adapt(index, gradient[index] + decay * before, learningRate)
      case .adamw:
        parameters[index] -= learningRate * decay * before
        adapt(index, gradient[index], learningRate)
      case .lion:
        parameters[index] -= learningRate * decay * before
        followSign(index, gradient[index], learningRate)
      case .muon: descend(index, gradient[index], learningRate, momentum: 0.85, nesterov: true)
      }
      movement[index] += abs(parameters[index] - before)
    }
  }

  private mutating func descend(
    _ index: Int, _ gradient: Double, _ learningRate: Double, momentum: Double, nesterov: Bool
  ) {
    let decayed = gradient + decay * parameters[index]
    first[index] = step == 1 ? decayed : momentum * first[index] + decayed
    let direction = nesterov ? decayed + momentum * first[index] : first[index]
    parameters[index] -= learningRate * (momentum == 0 ? decayed : direction)
  }

  /// Muon on a matrix of outputs and taps: three steps of the iteration, of which each is a polynomial of X Xᵀ times X.
  private mutating func followMatrix(_ gradient: [Double], _ learningRate: Double) {
    let momentum = 0.6
    let (rows, columns) = (shape[0], parameters.count / shape[0])
    var x = gradient
    for index in parameters.indices {
      first[index] = momentum * first[index] + gradient[index]
      x[index] = gradient[index] + momentum * first[index]
    }
    let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if length == 0 { return }
    x = x.map { $0 / length }
    for _ in 0..<3 {
      var gram = [Double](repeating: 0, count: rows * rows)
      for i in 0..<rows {
        for j in 0..<rows {
          for k in 0..<columns { gram[i * rows + j] += x[i * columns + k] * x[j * columns + k] }
        }
      }
      var next = x.map { 3.4445 * $0 }
      for i in 0..<rows {
        for j in 0..<rows {
          var square = 0.0
          for k in 0..<rows { square += gram[i * rows + k] * gram[k * rows + j] }
          let factor = -4.7750 * gram[i * rows + j] + 2.0315 * square
          for k in 0..<columns { next[i * columns + k] += factor * x[j * columns + k] }
        }
      }
      x = next
    }
    for index in parameters.indices {
      let change = learningRate * (decay * parameters[index] + x[index])
      parameters[index] -= change
      movement[index] += abs(change)
    }
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
