public import Samples

/// The definition of a network: layers, their input shape, the classes, and the preprocessing of pixels.
///
/// A value without parameters; `Network` compiles it. The last layer gives one logit per class.
public struct Model: Hashable, Sendable {
  /// A short name, used for run folders.
  public var name: String
  /// The shape of one image, `[height, width, channels]`, or of a vector.
  public var inputShape: Shape
  /// The names of the classes, in the order of the outputs.
  public var classNames: [String]
  /// How bytes become inputs.
  public var preprocessing: Normalization
  /// The layers, first to last.
  public var layers: [any Layer]

  /// A model of `layers`, listed in a builder.
  public init(
    name: String, inputShape: Shape = .fashionMNIST, classNames: [String] = FashionMNIST.classNames,
    preprocessing: Normalization = .fashionMNIST,
    @LayerBuilder layers: () -> [any Layer]
  ) {
    self.name = name
    self.inputShape = inputShape
    self.classNames = classNames
    self.preprocessing = preprocessing
    self.layers = layers()
  }

  /// A model for samples: it takes their shape, classes and normalization.
  public init(_ name: String, for samples: some SampleDescription, @LayerBuilder layers: () -> [any Layer]) {
    self.init(
      name: name, inputShape: samples.shape, classNames: samples.classNames, preprocessing: samples.normalization,
      layers: layers)
  }

  /// Throws unless every layer accepts the shape before it and the last layer gives one logit per class.
  public func validate() throws(ModelError) {
    _ = try compile(options: ComputeOptions())
  }

  /// Infers all shapes and lowers every layer; throws what `validate` throws.
  package func compile(options: ComputeOptions) throws(ModelError) -> Graph {
    guard !classNames.isEmpty else { throw .invalid("the model \"\(name)\" has no class names") }
    if let problem = preprocessing.problem(channels: inputShape.channels) { throw .invalid(problem) }
    var graph = GraphBuilder(options: options)
    let input = graph.makeValue(inputShape, dependsOnParameters: false)
    let output = try LayerChain(layers).lower(input, prefix: "", into: &graph)
    guard output.shape.dimensions == [classNames.count] else {
      throw .invalid(
        "the model \"\(name)\" ends in \(output.shape), but has \(classNames.count) classes: the last layer must give one number per class"
      )
    }
    guard output.shape.flattenedFrom == nil else {
      throw .invalid(
        "the model \"\(name)\" ends in a flattened image, whose order differs between programs: end it in a dense layer or a global pool"
      )
    }
    guard graph.parameterCount <= Graph.largestParameterCount else {
      throw .invalid(
        "the model \"\(name)\" has \(graph.parameterCount) parameters, more than \(Graph.largestParameterCount)")
    }
    let finished = graph.finish(input: input, output: output)
    var names: Set<String> = []
    for tensor in finished.parameters.tensors + finished.states.tensors where !names.insert(tensor.name).inserted {
      throw .invalid("two layers of the model \"\(name)\" have the tensor \"\(tensor.name)\": give one another name")
    }
    return finished
  }

  /// The same model, whose layers are called by where they stand.
  package var unnamed: Model {
    var model = self
    model.layers = Self.unnamed(layers)
    return model
  }

  private static func unnamed(_ layers: [any Layer]) -> [any Layer] {
    layers.map { layer in
      var layer = layer
      layer.name = nil
      switch layer {
      case var residual as Residual:
        residual.body = unnamed(residual.body)
        residual.shortcut = unnamed(residual.shortcut)
        return residual
      case var branches as Branches:
        branches.paths = branches.paths.map(unnamed)
        return branches
      default: return layer
      }
    }
  }

  public static func == (a: Model, b: Model) -> Bool {
    a.name == b.name && a.inputShape == b.inputShape && a.classNames == b.classNames
      && a.preprocessing == b.preprocessing && LayerChain(a.layers) == LayerChain(b.layers)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(inputShape)
    hasher.combine(classNames)
    hasher.combine(preprocessing)
    hasher.combine(LayerChain(layers))
  }
}
