internal import Support
public import JacquardEngine
public import NumPy

/// The weights of a Keras model in layer order: arrays named `NUMBER.VARIABLE`, such as `003.kernel`.
///
/// Numbers give the order of the layers; layers without weights are left out. Keras uses our memory layout for kernels, `[height, width, in, out]`
/// and `[in, out]`. After a flatten, inputs are in the order row, column, channel.
public struct KerasWeights: Sendable {
  /// The variables of a layer.
  private struct Layer {
    let number: Int
    var variables: [String: NumPyArray] = [:]
  }

  private let layers: [Layer]

  /// Keras's names for variables that we call differently.
  private static let names = [
    "weight": ["kernel", "gamma"], "bias": ["bias", "beta"], "running_mean": ["moving_mean"],
    "running_var": ["moving_variance"],
  ]

  /// The weights in an archive; nil if its names are not those of a Keras model.
  public init?(_ archive: NumPyArchive) {
    var layers: [Int: Layer] = [:]
    for member in archive.members {
      let parts = member.name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0].allSatisfy({ "0"..."9" ~= $0 }), let number = Int(parts[0]) else { return nil }
      layers[number, default: Layer(number: number)].variables[String(parts[1])] = member.array
    }
    guard !layers.isEmpty else { return nil }
    self.layers = layers.values.sorted { $0.number < $1.number }
  }

  /// Copies the weights into a network whose layers come in the same order.
  ///
  /// - Throws: a `WeightsMismatch` for the first layer or tensor that does not fit; the network may then be changed in part.
  public func load(into network: Network) throws(WeightsMismatch) {
    var owners: [String] = []
    var tensors: [String: [NetworkTensor]] = [:]
    // Parameters precede states, so a layer's tensors are gathered first.
    for tensor in network.tensors {
      let owner = String(tensor.name.dropLast(tensor.specification.name.count + 1))
      if tensors[owner] == nil { owners.append(owner) }
      tensors[owner, default: []].append(tensor)
    }
    guard owners.count == layers.count else {
      throw WeightsMismatch(
        "the file holds weights of \(layers.count) layers, but the model \"\(network.model.name)\" has \(owners.count)")
    }
    for (owner, layer) in zip(owners, layers) {
      for tensor in tensors[owner] ?? [] { try Self.load(tensor, from: layer, into: network) }
      if let extra = layer.variables.keys.sorted().first(where: { name in
        !(tensors[owner] ?? []).contains { Self.names[$0.specification.name]?.contains(name) == true }
      }) {
        throw WeightsMismatch(
          "layer \(layer.number) of the file has the variable \(ForeignText.quoted(extra)), which \(owner) does not have"
        )
      }
    }
  }

  private static func load(
    _ tensor: NetworkTensor, from layer: Layer, into network: Network
  ) throws(WeightsMismatch) {
    let order = tensor.specification.order
    let candidates = names[tensor.specification.name] ?? []
    let found = candidates.filter { layer.variables[$0] != nil }
    guard found.count < 2 else {
      throw WeightsMismatch(
        "layer \(layer.number) of the file has \(found.joined(separator: " and ")), of which \(tensor.name) takes one")
    }
    guard let array = found.first.flatMap({ layer.variables[$0] }) else {
      throw WeightsMismatch(
        "layer \(layer.number) of the file has no \(candidates.joined(separator: " or ")), which \(tensor.name) needs")
    }
    // Keras uses our memory layout for kernels.
    guard array.shape == order.memoryShape else {
      throw WeightsMismatch(
        "layer \(layer.number) of the file should have the shape \(order.memoryShape) for \(tensor.name), but has \(array.shape)"
      )
    }
    guard array.elementType.isFloatingPoint else {
      throw WeightsMismatch("layer \(layer.number) of the file holds \(array.elementType), not floating point numbers")
    }
    let values = array.floats
    if let number = UnsoundNumber(
      in: values, shape: array.shape, tensor: "\(found[0]) of layer \(layer.number) of the file",
      isVariance: tensor.specification.name == "running_var")
    {
      throw WeightsMismatch("\(number.finding); \(number.advice)", isUnsound: true)
    }
    network.importTensor(tensor, order.indicesInFileOrder.map { values[$0] })
  }
}

/// Why weights do not match a model.
public struct WeightsMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// The part that does not match, and what was expected.
  public let description: String
  /// Whether the weights are unusable for any model, because they are not finite.
  public let isUnsound: Bool

  init(_ description: String, isUnsound: Bool = false) {
    self.description = description
    self.isUnsound = isUnsound
  }
}
