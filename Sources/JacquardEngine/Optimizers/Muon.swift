internal import LinearAlgebra
internal import Support

/// Muon for the filters of convolutions (Jordan et al. 2024): every step moves a filter bank along the nearest matrix with orthonormal rows or columns to
/// its momentum. All other tensors take a step of `SGD` with Nesterov's momentum.
///
/// A filter bank is a matrix of outputs and taps. `v ← momentum · v + g`, `U ← orthonormal(g + momentum · v)` by `iterations` steps of a polynomial
/// iteration (Newton–Schulz), and `W ← W − learningRate · (U + weightDecay · W)`. The step's length does not depend on the gradient's. Both
/// kinds of tensors have the same rate unless a `ParameterGroup` gives them others.
public struct Muon: Optimizer {
  /// The share of the filters' momentum that each step keeps.
  public let momentum: Float
  /// The momentum of all other tensors.
  public let otherMomentum: Float
  /// Steps of the iteration: three bring most singular values between 0.5 and 1.2.
  public let iterations: Int
  /// The strength of the decay; it does not apply to biases and norms.
  public let weightDecay: Float

  /// Muon; the momenta must be from 0 to below 1.
  public init(momentum: Float = 0.6, otherMomentum: Float = 0.85, iterations: Int = 3, weightDecay: Float = 0) {
    require(
      (0..<1).contains(momentum) && (0..<1).contains(otherMomentum),
      "Muon: the momenta must be 0 to below 1, found \(momentum) and \(otherMomentum)")
    require(iterations > 0, "Muon: iterations must be positive, found \(iterations)")
    require(weightDecay >= 0, "Muon: weightDecay must not be negative, found \(weightDecay)")
    self.momentum = momentum
    self.otherMomentum = otherMomentum
    self.iterations = iterations
    self.weightDecay = weightDecay
  }

  public var momentNames: [String] { ["velocity"] }

  /// The coefficients of the odd polynomial `a x + b x³ + c x⁵`, which moves every singular value from 0…1 close to 1 (Jordan 2024).
  private static let (a, b, c): (Float, Float, Float) = (3.4445, -4.7750, 2.0315)

  public func wholeTensorScratchCount(_ tensor: NetworkTensor) -> Int? {
    guard let (taps, outputs) = Self.matrix(tensor) else { return nil }
    let side = min(taps, outputs)
    return 2 * taps * outputs + 2 * side * side
  }

  public func apply(_ update: borrowing ParameterUpdate) {
    guard let (taps, outputs) = Self.matrix(update.tensor) else {
      return SGD(momentum: otherMomentum, nesterov: otherMomentum > 0, weightDecay: weightDecay).apply(update)
    }
    let count = taps * outputs
    let side = min(taps, outputs)
    var velocity = update.moment(0)
    var parameters = update.parameters
    do {
      var direction = update.scratch(0..<count)
      let gradient = update.gradient
      for index in 0..<count {
        let g = gradient[index] * update.gradientScale
        velocity[index] = momentum * velocity[index] + g
        direction[index] = g + momentum * velocity[index]
      }
    }
    let length = Kernels.sumOfSquares(update.filledScratch(0..<count)).squareRoot()
    // A bank whose gradient is 0 stays where it is.
    guard length > 0 else { return }
    do {
      var direction = update.scratch(0..<count)
      let factor = Float(1 / length)
      for index in 0..<count { direction[index] *= factor }
    }
    var (source, target) = (0..<count, count..<2 * count)
    let gram = 2 * count..<2 * count + side * side
    let square = gram.upperBound..<gram.upperBound + side * side
    for _ in 0..<iterations {
      step(update, taps: taps, outputs: outputs, from: source, to: target, gram: gram, square: square)
      swap(&source, &target)
    }
    let direction = update.filledScratch(source)
    let rate = update.learningRate
    let shrink = 1 - rate * update.decay(weightDecay)
    for index in 0..<count { parameters[index] = parameters[index] * shrink - rate * direction[index] }
  }

  /// One step of the iteration on X `[taps][outputs]`, with the products of its shorter side: `X ← a X + (b G + c G²) X` for `G = X Xᵀ`, or the same with
  /// `G = Xᵀ X` on the right.
  private func step(
    _ update: borrowing ParameterUpdate, taps: Int, outputs: Int, from source: Range<Int>, to target: Range<Int>,
    gram: Range<Int>, square: Range<Int>
  ) {
    let product = update.product
    let side = min(taps, outputs)
    let isTall = taps >= outputs
    let x = update.filledScratch(source)
    do {
      var result = update.scratch(gram)
      product.multiply(
        m: side, n: side, k: max(taps, outputs), x, transposeA: isTall, leadingDimensionA: outputs, x,
        transposeB: !isTall, leadingDimensionB: outputs, into: &result, leadingDimensionC: side)
    }
    do {
      var result = update.scratch(square)
      let first = update.filledScratch(gram)
      for index in 0..<side * side { result[index] = first[index] }
      product.multiply(
        m: side, n: side, k: side, alpha: Self.c, first, leadingDimensionA: side, first, leadingDimensionB: side,
        beta: Self.b, into: &result, leadingDimensionC: side)
    }
    var result = update.scratch(target)
    let polynomial = update.filledScratch(square)
    for index in 0..<result.count { result[index] = x[index] }
    if isTall {
      product.multiply(
        m: taps, n: outputs, k: outputs, x, leadingDimensionA: outputs, polynomial, leadingDimensionB: side,
        beta: Self.a, into: &result, leadingDimensionC: outputs)
    } else {
      product.multiply(
        m: taps, n: outputs, k: taps, polynomial, leadingDimensionA: side, x, leadingDimensionB: outputs,
        beta: Self.a, into: &result, leadingDimensionC: outputs)
    }
  }

  /// The rows and columns of a filter bank in memory; nil for every other tensor.
  private static func matrix(_ tensor: NetworkTensor) -> (taps: Int, outputs: Int)? {
    guard case .convolution(let kernel, let inputs, let outputs) = tensor.specification.order else { return nil }
    return (kernel.height * kernel.width * inputs, outputs)
  }
}
