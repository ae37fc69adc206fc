/// Layers that run one after the other: names them, infers their shapes, lowers them.
struct LayerChain: Hashable, Sendable {
  let layers: [any Layer]

  init(_ layers: [any Layer]) { self.layers = layers }

  /// Each layer's name: its prefix and a number that counts layers of the same prefix.
  var names: [String] {
    var counts: [String: Int] = [:]
    return layers.map { layer in
      let prefix = type(of: layer).namePrefix
      counts[prefix, default: 0] += 1
      return "\(prefix)\(counts[prefix, default: 0])"
    }
  }

  /// The shape after the last layer; a mismatch names the layer inside.
  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    var shape = input
    for (layer, name) in zip(layers, names) {
      do throws(ShapeMismatch) {
        shape = try layer.outputShape(for: shape)
      } catch {
        throw ShapeMismatch("\(name) \(error.description)")
      }
    }
    return shape
  }

  /// Appends all layers' operators to `graph`; names begin with `prefix`.
  func lower(_ input: Value, prefix: String, into graph: inout GraphBuilder) throws(ModelError) -> Value {
    var value = input
    for (layer, name) in zip(layers, names) {
      let shape: Shape
      do throws(ShapeMismatch) {
        shape = try layer.outputShape(for: value.shape)
      } catch {
        throw ModelError.shapeMismatch(layer: prefix + name, type: type(of: layer).type, error.description)
      }
      value = try layer.lower(value, to: shape, name: prefix + name, into: &graph)
    }
    return value
  }

  static func == (a: LayerChain, b: LayerChain) -> Bool {
    a.layers.count == b.layers.count && zip(a.layers, b.layers).allSatisfy { $0.isEqual(to: $1) }
  }

  func hash(into hasher: inout Hasher) {
    for layer in layers { hasher.combine(layer) }
  }
}

extension Layer {
  fileprivate func isEqual(to other: any Layer) -> Bool {
    guard let other = other as? Self else { return false }
    return self == other
  }
}
