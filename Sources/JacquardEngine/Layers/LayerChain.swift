internal import Samples

/// Layers that run one after the other: names them, infers their shapes, lowers them.
package struct LayerChain: Hashable, Sendable {
  package let layers: [any Layer]

  package init(_ layers: [any Layer]) { self.layers = layers }

  /// Each layer's name: its own, or `path` followed by the type's prefix and the layer's number among the layers with that prefix.
  package func names(within path: String) -> [String] {
    zip(layers, places).map { layer, place in layer.name ?? path + place }
  }

  /// Each layer's prefix, followed by its number among the layers with that prefix.
  private var places: [String] {
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
    for (layer, place) in zip(layers, places) {
      shape = try outputShape(of: layer, place: "\(path).\(place)", for: shape)
    }
    return shape
  }

  /// The output shape of one layer for `input`; a mismatch names the layer, or the layer inside it.
  private func outputShape(of layer: any Layer, place: String, for input: Shape) throws(ShapeMismatch) -> Shape {
    do throws(ShapeMismatch) {
      let output = try layer.outputShape(for: input)
      guard output.isWithinLimit else {
        throw ShapeMismatch("turns \(input) into \(output): more than \(Shape.largestCount) elements per image")
      }
      return output
    } catch {
      throw error.within(layer, at: place)
    }
  }

  /// Appends all layers' operators to `graph`; names begin with `prefix`.
  func lower(_ input: Value, prefix: String, into graph: inout GraphBuilder) throws(ModelError) -> Value {
    var value = input
    for (layer, name) in zip(layers, names(within: prefix)) {
      let type = type(of: layer).type
      let shape: Shape
      do throws(ShapeMismatch) {
        shape = try outputShape(of: layer, place: name, for: value.shape)
      } catch {
        throw ModelError.shapeMismatch(
          layer: error.place?.name ?? name, type: error.place?.type ?? type, error.description)
      }
      let count = layer.tensors(for: value.shape).reduce(0) { $0 + $1.order.count }
      guard count <= Graph.largestParameterCount else {
        throw ModelError.shapeMismatch(
          layer: name, type: type,
          "needs \(count) parameters for \(value.shape): more than \(Graph.largestParameterCount)")
      }
      value = try layer.lower(value, to: shape, name: name, into: &graph)
      graph.note(value, ofLayer: name)
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
