internal import Samples

/// Layers that run one after the other: names them, infers their shapes, lowers them.
package struct LayerChain: Hashable, Sendable {
  package let layers: [any Layer]

  package init(_ layers: [any Layer]) { self.layers = layers }

  /// Each layer's name: its prefix, followed by its number among the layers with that prefix.
  package var names: [String] {
    var counts: [String: Int] = [:]
    return layers.map { layer in
      let prefix = type(of: layer).namePrefix
      counts[prefix, default: 0] += 1
      return "\(prefix)\(counts[prefix, default: 0])"
    }
  }

  /// The shape after the last layer; a mismatch names the layer, prefixed with `path`.
  func outputShape(for input: Shape, path: String) throws(ShapeMismatch) -> Shape {
    var shape = input
    for (layer, name) in zip(layers, names) { shape = try outputShape(of: layer, name: "\(path).\(name)", for: shape) }
    return shape
  }

  /// The output shape of one layer for `input`; a mismatch names the layer, or the layer inside it.
  private func outputShape(of layer: any Layer, name: String, for input: Shape) throws(ShapeMismatch) -> Shape {
    do throws(ShapeMismatch) {
      let output = try layer.outputShape(for: input)
      guard output.isWithinLimit else {
        throw ShapeMismatch("turns \(input) into \(output): more than \(Shape.largestCount) elements per image")
      }
      return output
    } catch {
      throw error.within(name, type: type(of: layer).type)
    }
  }

  /// Appends all layers' operators to `graph`; names begin with `prefix`.
  func lower(_ input: Value, prefix: String, into graph: inout GraphBuilder) throws(ModelError) -> Value {
    var value = input
    for (layer, name) in zip(layers, names) {
      let type = type(of: layer).type
      let shape: Shape
      do throws(ShapeMismatch) {
        shape = try outputShape(of: layer, name: prefix + name, for: value.shape)
      } catch {
        throw ModelError.shapeMismatch(
          layer: error.place?.name ?? prefix + name, type: error.place?.type ?? type, error.description)
      }
      let count = layer.tensors(for: value.shape).reduce(0) { $0 + $1.order.count }
      guard count <= Graph.largestParameterCount else {
        throw ModelError.shapeMismatch(
          layer: prefix + name, type: type,
          "needs \(count) parameters for \(value.shape): more than \(Graph.largestParameterCount)")
      }
      value = try layer.lower(value, to: shape, name: prefix + name, into: &graph)
    }
    return value
  }

  package static func == (a: LayerChain, b: LayerChain) -> Bool {
    a.layers.count == b.layers.count && zip(a.layers, b.layers).allSatisfy { $0.isEqual(to: $1) }
  }

  package func hash(into hasher: inout Hasher) {
    for layer in layers { hasher.combine(layer) }
  }
}

extension Layer {
  fileprivate func isEqual(to other: any Layer) -> Bool {
    guard let other = other as? Self else { return false }
    return self == other
  }
}
