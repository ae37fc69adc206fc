/// What turns a network of floating-point numbers into one of bytes: the range of every activation, and the scales of the weights.
///
/// A network with a quantization has weights that are whole multiples, from −127 to 127, of its scales. A predictor then computes with bytes:
/// activations are unsigned bytes (`QuantizedRange`), weights signed bytes without a zero point, sums of products 32-bit integers. `QuantizationPlan`
/// says which layers compute in bytes, and which in floating point between two conversions.
public struct Quantization: Hashable, Sendable {
  /// The range of the network's input.
  public let input: QuantizedRange
  /// The ranges of activations, by the name of the layer that computes them. A sum or another join of branches is named as in the plan, such as
  /// `residual1.sum`; a layer that is computed together with the activation that follows it has that activation's name.
  public let activations: [String: QuantizedRange]
  /// The scale of each output channel, by the name of the weights, such as `conv1.weight`.
  public let weights: [String: [Float]]

  /// Makes a quantization from its ranges and scales.
  public init(input: QuantizedRange, activations: [String: QuantizedRange], weights: [String: [Float]]) {
    self.input = input
    self.activations = activations
    self.weights = weights
  }
}

extension Network {
  /// The first reason why a quantization does not fit this network; nil if it does.
  package func problem(of quantization: Quantization) -> String? {
    let plan = QuantizationPlan(graph)
    let names = plan.rangeNames
    if let missing = names.first(where: { quantization.activations[$0] == nil }) {
      return "the activations of \"\(missing)\" have no range"
    }
    if let extra = quantization.activations.keys.sorted().first(where: { !names.contains($0) }) {
      return "there is a range for \"\(extra)\", which is not an activation of the model"
    }
    for step in plan.steps where step.kind.isProduct {
      let tensor = graph.weightTensor(of: step.node)
      let channels = step.channels
      guard let scales = quantization.weights[tensor.name] else {
        return "the weights \"\(tensor.name)\" have no scales"
      }
      guard scales.count == channels else {
        return "the weights \"\(tensor.name)\" have \(scales.count) scales, expected \(channels)"
      }
      guard let wrong = scales.first(where: { !QuantizedRange.scales.contains($0) }) else { continue }
      return "the weights \"\(tensor.name)\" have the scale \(wrong), expected a positive number"
    }
    let products = plan.steps.count { $0.kind.isProduct }
    return quantization.weights.count == products
      ? nil : "there are scales for \(quantization.weights.count) weights, expected \(products)"
  }
}
