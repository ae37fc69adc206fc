import JacquardEngine

/// A second definition of a layer: plain loops in double precision, written from the layer's documentation.
///
/// The tests rely on it. It must use nothing of the engine but the layer's settings.
protocol ReferenceLayer: Layer {
  /// The layer's output for `input`.
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch
}

/// The inputs of a reference besides its activations.
struct ReferenceContext: Sendable {
  /// Parameters and states by their full names, in the order of the engine's memory.
  var tensors: [String: [Double]] = [:]
  /// The name of the layer, for example `residual1.body.conv1`.
  var name = ""
  var isTraining = true
  var seed: UInt64 = 1
  var epoch = 1

  /// A tensor of the layer, for example `weight`.
  subscript(tensor: String) -> [Double] {
    guard let values = tensors["\(name).\(tensor)"] else { preconditionFailure("no tensor \(name).\(tensor)") }
    return values
  }

  /// The result of `layers`, one after the other; each is named by its prefix and number.
  func apply(_ layers: [any Layer], to input: ReferenceBatch) -> ReferenceBatch {
    var counts: [String: Int] = [:]
    var batch = input
    for layer in layers {
      guard let layer = layer as? any ReferenceLayer else { preconditionFailure("\(layer) has no reference") }
      let prefix = type(of: layer).namePrefix
      counts[prefix, default: 0] += 1
      var context = self
      context.name = (name.isEmpty ? "" : name + ".") + "\(prefix)\(counts[prefix, default: 0])"
      batch = layer.reference(batch, context)
    }
    return batch
  }
}

extension Residual: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    var (main, skip) = (context, context)
    main.name += ".body"
    skip.name += ".shortcut"
    let (a, b) = (main.apply(body, to: input), skip.apply(shortcut, to: input))
    var sum = a
    sum.values = zip(a.values, b.values).map(+)
    sum.margin = min(a.margin, b.margin)
    sum.roundings = a.roundings + b.roundings + 1
    return sum
  }
}
