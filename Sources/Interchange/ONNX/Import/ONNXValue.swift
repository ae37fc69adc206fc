internal import JacquardEngine

/// What flows between the nodes of a graph, as far as it is understood.
enum ONNXValue {
  /// What a layer gives, or the graph's input.
  case activation(ONNXActivation)
  /// An activation with zeros around it, which only a convolution can take in.
  case padded(ONNXActivation, Padding)
  /// A part of an activation function that takes several nodes.
  case expression(ONNXActivation, ONNXExpression)
  /// What a softmax gives: only the end of a graph.
  case probabilities(ONNXActivation, areLogarithms: Bool)
  /// Numbers that the graph holds.
  case constant(ONNXConstant)
  /// The dimensions of an activation, or some of them.
  case sizes([ONNXSize], isSingle: Bool)
}

/// A dimension.
enum ONNXSize: Equatable {
  /// That of the batch, whatever it is.
  case batch
  case known(Int)
}

/// An activation of ours as a tensor of the graph.
struct ONNXActivation {
  /// The step that gives it; nil for the graph's input.
  var step: Int?
  /// What we know it as.
  var shape: Shape
  /// The sizes of its axes, also behind a flatten.
  var sizes: ONNXAxisSizes
  /// How the graph sees it.
  var view: ONNXView
  /// What was done to the graph's input, as long as there is no step.
  var preparation = ONNXPreparation()

  /// Whether this is what convolutions and pools of the format take: an image with channels first.
  var isImageWithChannelsFirst: Bool { shape.isImage && view == .channelsFirst(sizes) }

  /// Whether both are the same numbers seen the same way.
  func isSame(as other: ONNXActivation) -> Bool {
    step == other.step && view == other.view && preparation == other.preparation
  }
}

/// A function of an activation `x` that is not a layer yet.
enum ONNXExpression {
  /// `factor · x`
  case scaled(Float)
  /// `x · factors + terms`, with one number for each feature of a vector, or one for all: a dense layer behind it takes it in.
  case affine(factors: [Float], terms: [Float])
  /// `factors / (1 + exp(−x))`, with factors as above
  case sigmoid(factors: [Float])
  /// `factor · erf(inner · x) + term`
  case error(factor: Float, inner: Float, term: Float)
  /// `x · (factor · erf(inner · x) + term)`
  case product(factor: Float, inner: Float, term: Float)

  /// Whether this is GELU: `x · (erf(x / √2) + 1) / 2`.
  var isGELU: Bool {
    guard case .product(let factor, let inner, let term) = self else { return false }
    func isClose(_ a: Float, _ b: Float) -> Bool { (a - b).magnitude <= 1e-6 }
    return isClose(factor, 0.5) && isClose(term, 0.5) && isClose(inner, Float(0.5).squareRoot())
  }
}

/// A layer with its numbers, behind the step that it takes its input from.
struct ONNXStep {
  /// The step before; nil for the graph's input.
  let parent: Int?
  /// How many steps are before this one.
  let depth: Int
  /// The shape that it takes.
  let input: Shape
  let layer: any Layer
  /// The layer's own tensors by their names, in the order of files.
  let tensors: [String: [Float]]
  /// The steps of both paths of a residual layer.
  var body: [Int] = []
  var shortcut: [Int] = []
  /// How deep residual layers nest in this one.
  var nesting = 0
  /// How many layers there are in this one.
  var layerCount = 1
}
