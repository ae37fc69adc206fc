internal import Support
public import LinearAlgebra
internal import Synchronization

/// A model compiled for computing: operators in order, and one flat array each of parameters and of states.
///
/// The network holds the numbers and the operators. The memory of a batch belongs to the `Trainer` or `Predictor` that runs it, so several predictors
/// can share one network. Only a trainer and `importTensor` write to it.
public final class Network: Sendable {
  /// The model that this network computes.
  public let model: Model
  /// How it computes.
  public let options: ComputeOptions
  let graph: Graph
  let parameters: Storage<Float>
  let states: Storage<Float>
  private let changes = Atomic<Int>(0)
  private let divisor = Atomic<Double>(1)
  private let bytes = Mutex<Quantization?>(nil)

  /// The temperatures that a network may have.
  public static let temperatures = 0.01...100.0

  /// The number by which a predictor divides logits, fitted so that probabilities agree with how often answers are right; 1 for the logits as computed.
  /// A weights file keeps it. It changes no answer; a trainer sets it back to 1, because it belongs to the weights that it was fitted for.
  ///
  /// - Precondition: It lies within `temperatures`.
  public var temperature: Double {
    get { divisor.load(ordering: .acquiring) }
    set {
      require(
        Self.temperatures.contains(newValue),
        "Network: the temperature must be from \(Self.temperatures.lowerBound) to \(Self.temperatures.upperBound), found \(newValue)"
      )
      divisor.store(newValue, ordering: .releasing)
    }
  }

  /// How predictors compute with bytes; nil if they compute in floating point. A trainer sets it back to nil: it belongs to the weights that it was made
  /// for. See `quantized(on:team:percentile:)`.
  public var quantization: Quantization? { bytes.withLock { $0 } }

  /// Sets or removes the quantization, which must fit the weights.
  func setQuantization(_ quantization: Quantization?) {
    bytes.withLock { $0 = quantization }
    noteChange()
  }

  /// A number that differs after every change of a parameter or state.
  var revision: Int { changes.load(ordering: .acquiring) }

  /// Call this after changing a parameter or state.
  func noteChange() { changes.wrappingAdd(1, ordering: .releasing) }

  /// Compiles `model` and draws the initial weights, a function of `seed` and the tensors' names.
  ///
  /// - Throws: a `ModelError` if the model's shapes do not fit; with `.orthogonal`, also if LAPACK fails.
  public convenience init(
    _ model: Model, seed: UInt64, initialization: Initialization = .he, options: ComputeOptions = ComputeOptions()
  ) throws {
    try self.init(awaitingWeights: model, options: options)
    try initialize(initialization, seed: seed)
  }

  /// Compiles `model` for weights that are loaded next; until then all values are zero.
  ///
  /// - Throws: a `ModelError` if the model's shapes do not fit.
  public convenience init(
    awaitingWeights model: Model, options: ComputeOptions = ComputeOptions()
  ) throws(ModelError) {
    self.init(model, options: options, graph: try model.compile(options: options))
  }

  /// A network that computes `graph`, with all parameters and states zero.
  init(_ model: Model, options: ComputeOptions, graph: Graph) {
    BLASLibrary.prepare()
    self.model = model
    self.options = options
    self.graph = graph
    parameters = Storage(count: graph.parameters.count)
    states = Storage(count: graph.states.count)
  }

  /// A part of another network, with the same numbers.
  init(partOf other: Network, graph: Graph) {
    model = other.model
    options = other.options
    self.graph = graph
    parameters = other.parameters
    states = other.states
  }

  /// The number of trained values.
  public var parameterCount: Int { graph.parameters.elementCount }

  /// All parameters, then all states, each in model order.
  public var tensors: [NetworkTensor] { graph.parameters.tensors + graph.states.tensors }

  /// Draws the initial values of every tensor again, a function of the seed and the tensors' names; throws only with `.orthogonal`, if LAPACK fails.
  public func initialize(_ scheme: Initialization = .he, seed: UInt64) throws(LAPACKError) {
    defer { noteChange() }
    for tensor in tensors {
      var target = storage(of: tensor).write(tensor.range)
      try scheme.fill(&target, tensor: tensor, seed: seed, product: options.product)
    }
  }

  /// A tensor's values in the order of files (PyTorch's; see `TensorOrder`).
  public func exportTensor(_ tensor: NetworkTensor) -> [Float] {
    tensor.specification.order.inFileOrder(storage(of: tensor).read(tensor.range))
  }

  /// Sets a tensor from values in the order of files; `values` must have as many elements as the tensor.
  public func importTensor(_ tensor: NetworkTensor, _ values: [Float]) {
    require(
      values.count == tensor.range.count, "\(tensor.name): needs \(tensor.range.count) values, found \(values.count)")
    var target = storage(of: tensor).write(tensor.range)
    tensor.specification.order.copy(fileOrder: values.span, to: &target)
    noteChange()
  }

  /// A copy of all parameters and states, for example to keep the best of a run.
  public func snapshot() -> NetworkSnapshot {
    NetworkSnapshot(parameters: parameters.copy(), states: states.copy())
  }

  /// Restores an earlier copy of this network.
  public func restore(_ snapshot: NetworkSnapshot) {
    parameters.set(snapshot.parameters)
    states.set(snapshot.states)
    noteChange()
  }

  private func storage(of tensor: NetworkTensor) -> Storage<Float> {
    tensor.specification.role == nil ? states : parameters
  }
}

extension Model {
  /// The tensors of a network of this model, as `Network.tensors`, without allocating their memory; throws if its shapes do not fit.
  package func tensors() throws(ModelError) -> [NetworkTensor] {
    let graph = try compile(options: ComputeOptions())
    return graph.parameters.tensors + graph.states.tensors
  }
}

/// The parameters and states of a network at one moment.
public struct NetworkSnapshot: Sendable {
  let parameters: [Float]
  let states: [Float]
}
