internal import Samples
internal import Support

/// Batch norms as parts of the convolutions before them.
extension Model {
  /// The same computation in inference, in which each convolution that a batch norm follows has its weights and a bias instead.
  var withoutFoldedNorms: Model {
    var model = self
    model.layers = Self.folded(layers)
    return model
  }

  private static func folded(_ layers: [any Layer]) -> [any Layer] {
    var result: [any Layer] = []
    for layer in layers {
      switch layer {
      case is BatchNorm2D where result.last is Conv2D:
        guard var convolution = result.popLast() as? Conv2D else { continue }
        convolution.usesBias = true
        result.append(convolution)
      case var residual as Residual:
        residual.body = folded(residual.body)
        residual.shortcut = folded(residual.shortcut)
        result.append(residual)
      case var branches as Branches:
        branches.paths = branches.paths.map(folded)
        result.append(branches)
      default: result.append(layer)
      }
    }
    return result
  }

  /// The names of convolutions that a batch norm follows, with the norms' names and the number that each adds to variances.
  fileprivate func foldedNorms() -> [String: (norm: String, epsilon: Float)] {
    var norms: [String: (norm: String, epsilon: Float)] = [:]
    Self.collect(LayerChain(layers), prefix: "", into: &norms)
    return norms
  }

  private static func collect(
    _ chain: LayerChain, prefix: String, into norms: inout [String: (norm: String, epsilon: Float)]
  ) {
    let names = chain.names(within: prefix)
    for (index, layer) in chain.layers.enumerated() {
      if let norm = layer as? BatchNorm2D, index > 0, chain.layers[index - 1] is Conv2D {
        norms[names[index - 1]] = (names[index], norm.epsilon)
      }
      for group in layer.children {
        collect(LayerChain(group.layers), prefix: "\(names[index]).\(group.name).", into: &norms)
      }
    }
  }
}

extension Network {
  /// A network that computes the same in inference, without the batch norms that follow convolutions.
  func withFoldedNorms() throws(ModelError) -> Network {
    let norms = model.foldedNorms()
    let folded = try Network(awaitingWeights: model.withoutFoldedNorms, options: options)
    // The numbers of the remaining norms count only themselves, so their names may differ.
    let names = zip(
      Self.unfolded(LayerChain(model.layers), prefix: ""), Self.unfolded(LayerChain(folded.model.layers), prefix: ""))
    let oldNames = Dictionary(names.map { ($1, $0) }) { first, _ in first }
    let own = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    for tensor in folded.tensors {
      let suffix = "." + tensor.specification.name
      let layer = String(tensor.name.dropLast(suffix.count))
      let old = oldNames[layer] ?? layer
      if let (norm, epsilon) = norms[old] {
        folded.importTensor(tensor, foldedValues(of: tensor, layer: old, norm: norm, epsilon: epsilon, own))
      } else if let source = own[old + suffix] {
        folded.importTensor(tensor, exportTensor(source))
      }
    }
    folded.temperature = temperature
    return folded
  }

  /// The names of all layers but the norms that follow convolutions, in their order.
  private static func unfolded(_ chain: LayerChain, prefix: String) -> [String] {
    zip(chain.layers, chain.names(within: prefix)).enumerated().flatMap { index, pair in
      let (layer, name) = pair
      let isFolded = layer is BatchNorm2D && index > 0 && chain.layers[index - 1] is Conv2D
      return (isFolded ? [] : [name])
        + layer.children.flatMap { unfolded(LayerChain($0.layers), prefix: "\(name).\($0.name).") }
    }
  }

  /// `w · γ / √(σ² + ε)`, or `β + (b − μ) · γ / √(σ² + ε)` for the bias.
  private func foldedValues(
    of tensor: NetworkTensor, layer: String, norm: String, epsilon: Float, _ own: [String: NetworkTensor]
  ) -> [Float] {
    func values(_ name: String) -> [Float]? { own[name].map(exportTensor) }
    guard let scale = values("\(norm).weight"), let offset = values("\(norm).bias"),
      let mean = values("\(norm).running_mean"), let variance = values("\(norm).running_var")
    else { failPrecondition("\(norm): the norm has no tensors") }
    let factors = scale.indices.map { Double(scale[$0]) / (Double(variance[$0]) + Double(epsilon)).squareRoot() }
    if tensor.specification.name == "bias" {
      let bias = values("\(layer).bias")
      return factors.indices.map { channel in
        Float(Double(offset[channel]) + (Double(bias?[channel] ?? 0) - Double(mean[channel])) * factors[channel])
      }
    }
    let weights = values("\(layer).weight") ?? []
    let perChannel = weights.count / factors.count
    return weights.indices.map { Float(Double(weights[$0]) * factors[$0 / perChannel]) }
  }
}
