package import Samples

/// A convolution of a model.
package struct ModelConvolution: Sendable {
  /// For example `conv2`, or `residual1.body.conv1`.
  package let name: String
  /// The layer.
  package let layer: Conv2D
  /// The shape of its input.
  package let input: Shape
}

extension Model {
  /// The convolutions in layer order, including those inside blocks; the model's shapes must fit.
  package var convolutions: [ModelConvolution] {
    Self.convolutions(LayerChain(layers), input: inputShape, prefix: "")
  }

  private static func convolutions(_ chain: LayerChain, input: Shape, prefix: String) -> [ModelConvolution] {
    var shape = input
    var found: [ModelConvolution] = []
    for (layer, name) in zip(chain.layers, chain.names(within: prefix)) {
      guard let output = try? layer.outputShape(for: shape) else { break }
      if let layer = layer as? Conv2D {
        found.append(ModelConvolution(name: name, layer: layer, input: shape))
      }
      for group in layer.children {
        found += convolutions(LayerChain(group.layers), input: shape, prefix: "\(name).\(group.name).")
      }
      shape = output
    }
    return found
  }
}
