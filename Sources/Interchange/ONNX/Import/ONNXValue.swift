internal import JacquardEngine

/// What flows between the nodes of a graph, as far as it is understood.
enum ONNXValue {
  /// What a layer gives, or the graph's input.
  case activation(ONNXActivation)
  /// An activation with zeros around it, which a convolution or a pool may take in.
  case padded(ONNXActivation, Padding)
  /// An activation function, or arithmetic, that takes several nodes.
  case expression(ONNXActivation, ONNXExpression)
  /// A vector whose numbers are spread over the pixels of a shape, which follows the batch.
  case expanded(ONNXActivation, [Int])
  /// An activation whose channels are cut into groups.
  case grouped(ONNXActivation, ONNXGrouping)
  /// A part of a norm that takes several nodes.
  case statistic(ONNXActivation, ONNXStatistic)
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
  /// `x · factors + terms`, with one number for each feature of a vector, or one for all: a dense layer behind it takes it in.
  case affine(factors: [Float], terms: [Float])
  /// A function of each number alone; `isAlone` says that nothing else takes `x`.
  case formula(ONNXFormula, isAlone: Bool)
  /// The same times one number for each channel: a norm behind a product, which exporters make a part of one factor.
  case weighted(ONNXFormula, factors: [Float])
}

/// How the dimension of the channels is cut, as exporters do for channel shuffles and group norms.
struct ONNXGrouping {
  let groups: Int
  /// Where the dimension of the groups is, behind the batch.
  let place: Int
  /// The dimensions behind the batch now.
  var shape: [Int]
  /// What became of the groups.
  var form: Form

  enum Form {
    /// Groups, then the channels of each.
    case cut
    /// The channels of each group, then groups.
    case transposed
    /// Groups, then all numbers of each in one dimension.
    case rows
  }
}

/// A part of a norm over the channels of each pixel.
enum ONNXStatistic {
  /// The mean of the channels.
  case mean
  /// `x − mean`
  case centred
  /// `(x − mean)²`
  case squares
  /// The mean of the squares, with what has been added to it; its root where `isRoot`.
  case variance(epsilon: Float, isRoot: Bool)
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
  /// The steps of each group of layers inside this one.
  var branches: [[Int]] = []
  /// How deep layers with branches nest in this one.
  var nesting = 0
  /// How many layers there are in this one.
  var layerCount = 1
}
