internal import JacquardEngine

/// A value that flows between the nodes of a graph, as far as it is understood.
enum ONNXValue {
  /// The output of a layer, or the graph's input.
  case activation(ONNXActivation)
  /// An activation with zeros around it, which a convolution or pool may absorb.
  case padded(ONNXActivation, Padding)
  /// An activation function, or arithmetic, of several nodes.
  case expression(ONNXActivation, ONNXExpression)
  /// A vector that is broadcast over the pixels of a shape, which follows the batch.
  case expanded(ONNXActivation, [Int])
  /// An activation whose channels are split into groups.
  case grouped(ONNXActivation, ONNXGrouping)
  /// A part of a norm of several nodes.
  case statistic(ONNXActivation, ONNXStatistic)
  /// The result of a softmax: valid only at the end of a graph.
  case probabilities(ONNXActivation, areLogarithms: Bool)
  /// A constant.
  case constant(ONNXConstant)
  /// The dimensions of an activation, or some of them.
  case sizes([ONNXSize], isSingle: Bool)
}

/// A dimension.
enum ONNXSize: Equatable {
  /// The batch, of any size.
  case batch
  case known(Int)
}

/// An activation of ours as a tensor of the graph.
struct ONNXActivation {
  /// The step that computes it; nil for the graph's input.
  var step: Int?
  /// Its shape in our model.
  var shape: Shape
  /// The sizes of its axes, even after a flatten.
  var sizes: ONNXAxisSizes
  /// The graph's view of it.
  var view: ONNXView
  /// The preprocessing of the graph's input, as long as there is no step.
  var preparation = ONNXPreparation()

  /// Whether convolutions and pools of the format can take it: an image with channels first.
  var isImageWithChannelsFirst: Bool { shape.isImage && view == .channelsFirst(sizes) }

  /// Whether both are the same numbers in the same view.
  func isSame(as other: ONNXActivation) -> Bool {
    step == other.step && view == other.view && preparation == other.preparation
  }
}

/// A function of an activation `x` that is not a layer yet.
enum ONNXExpression {
  /// `x · factors + terms`, with one number for each feature of a vector, or one for all: a later dense layer absorbs it.
  case affine(factors: [Float], terms: [Float])
  /// A function of each single number; `isAlone` means that no other node takes `x`.
  case formula(ONNXFormula, isAlone: Bool)
  /// The same times one number per channel: a norm after a product, which exporters fold into one factor.
  case weighted(ONNXFormula, factors: [Float])
}

/// How the dimension of the channels is split, as exporters do for channel shuffles and group norms.
struct ONNXGrouping {
  let groups: Int
  /// The index of the group dimension, after the batch.
  let place: Int
  /// The current dimensions after the batch.
  var shape: [Int]
  /// The state of the groups.
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
  /// The mean of the squares, with the added constant; its root if `isRoot`.
  case variance(epsilon: Float, isRoot: Bool)
}

/// A layer with its numbers, after the step that computes its input.
struct ONNXStep {
  /// The previous step; nil for the graph's input.
  let parent: Int?
  /// The number of steps before this one.
  let depth: Int
  /// Its input shape.
  let input: Shape
  let layer: any Layer
  /// The layer's own tensors by name, in the order of files.
  let tensors: [String: [Float]]
  /// The steps of each group of layers inside this one.
  var branches: [[Int]] = []
  /// The nesting depth of layers with branches in this one.
  var nesting = 0
  /// The number of layers in this one.
  var layerCount = 1
}
