package import Samples

extension Network {
  /// The network of the model's first layers, with a copy of their weights. Its outputs are the activations of the last of these layers.
  ///
  /// A compiled network keeps an activation only as long as later operators need it, and may compute several layers as one operator. Activations that
  /// a caller wants to see therefore need a separate network.
  ///
  /// - Parameter count: The number of layers, from 1 to all layers of the model.
  package func prefix(layers count: Int) throws(ModelError) -> Network {
    var builder = GraphBuilder(options: options)
    let input = builder.makeValue(model.inputShape, dependsOnParameters: false)
    let output = try LayerChain(Array(model.layers.prefix(count))).lower(input, prefix: "", into: &builder)
    let part = Network(model, options: options, graph: builder.finish(input: input, output: output))
    let own = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    for tensor in part.tensors {
      guard let source = own[tensor.name] else { continue }
      part.importTensor(tensor, exportTensor(source))
    }
    return part
  }

  /// The shape of one sample's output.
  package var outputShape: Shape { graph.output.shape }

  /// The names of the model's layers, in their order.
  package var layerNames: [String] { LayerChain(model.layers).names(within: "") }
}
