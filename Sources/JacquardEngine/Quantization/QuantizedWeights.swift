internal import Support

/// A layer's weights as signed bytes, `[terms][outputs]`, with a scale for each output channel, and its bias.
package struct QuantizedWeights: Sendable {
  package let values: [Int8]
  package let scales: [Float]
  /// The bias of each channel; zeros for a layer without one.
  package let bias: [Float]

  /// The largest bias in steps of its channel. With it, no sum of `Kernels.mostByteTerms` products leaves 32 bits.
  private static var largestBias: Float { Float(1 << 28) }

  /// Rounds weights to whole multiples of their scales.
  init(_ weights: Span<Float>, bias: [Float], scales: [Float]) {
    var values = [Int8](repeating: 0, count: weights.count)
    for first in stride(from: 0, to: weights.count, by: scales.count) {
      for channel in scales.indices {
        let steps = (weights[first + channel] / scales[channel]).rounded(.toNearestOrEven)
        values[first + channel] = Int8(min(max(steps, -127), 127))
      }
    }
    self.values = values
    self.scales = scales
    self.bias = scales.indices.map { bias.isEmpty ? 0 : bias[$0] }
  }

  /// The scale of each channel, for which its largest weight is 127 and its bias is within the limit.
  static func scales(_ weights: Span<Float>, bias: [Float], channels: Int, input: QuantizedRange) -> [Float] {
    var largest = [Float](repeating: 0, count: channels)
    for first in stride(from: 0, to: weights.count, by: channels) {
      for channel in 0..<channels { largest[channel] = max(largest[channel], weights[first + channel].magnitude) }
    }
    return largest.indices.map { channel in
      let forBias = bias.isEmpty ? 0 : bias[channel].magnitude / (input.scale * (largestBias / 2))
      let scale = max(largest[channel] / 127, forBias)
      // A channel without weights and bias has any scale.
      return scale == 0 ? 1 : min(max(scale, QuantizedRange.scales.lowerBound), QuantizedRange.scales.upperBound)
    }
  }

  /// The numbers that the rounded weights stand for, in the order of the weights.
  var numbers: [Float] {
    values.indices.map { Float(values[$0]) * scales[$0 % scales.count] }
  }

  /// The weights of some output channels.
  func columns(_ range: Range<Int>) -> [Int8] {
    if range.count == scales.count { return values }
    var part: [Int8] = []
    part.reserveCapacity(values.count / scales.count * range.count)
    for first in stride(from: 0, to: values.count, by: scales.count) {
      part += values[first + range.lowerBound..<first + range.upperBound]
    }
    return part
  }

  /// A channel's bias in steps of its sums, whose scale is that of the input times that of the weights.
  package func roundedBias(_ channel: Int, input: QuantizedRange) -> Int32 {
    let steps = Double(bias[channel]) / (Double(input.scale) * Double(scales[channel]))
    let limit = Double(Self.largestBias)
    return Int32(min(max(steps.rounded(.toNearestOrEven), -limit), limit))
  }

  /// How the sums of some output channels become bytes, or floats without an output range; `lanes` is the length of a vector.
  func finish(
    _ channels: Range<Int>, terms: Int, from input: QuantizedRange, to output: QuantizedRange?, lanes: Int
  ) -> ByteFinish {
    let count = (channels.count + lanes - 1) / lanes * lanes
    var start = [Int32](repeating: 0, count: count)
    var multipliers = [Float](repeating: 0, count: count)
    for (index, channel) in channels.enumerated() {
      var sum = 0
      for term in 0..<terms { sum += Int(values[term * scales.count + channel]) }
      start[index] = roundedBias(channel, input: input) - Int32(input.zeroPoint * sum)
      let product = input.scale * scales[channel]
      multipliers[index] = output.map { product / $0.scale } ?? product
    }
    return ByteFinish(start: start, multipliers: multipliers, zeroPoint: output?.zeroPoint ?? 0)
  }
}

extension Network {
  /// The weights of a step with products, as bytes.
  package func quantizedWeights(of step: QuantizationPlan.Step, _ quantization: Quantization) -> QuantizedWeights {
    let tensor = graph.weightTensor(of: step.node)
    guard let scales = quantization.weights[tensor.name] else {
      failPrecondition("\(tensor.name): the quantization has no scales")
    }
    let numbers = parameters
    return QuantizedWeights(numbers.read(tensor.range), bias: bias(of: step), scales: scales)
  }

  /// The bias of a step with products; empty if it has none.
  func bias(of step: QuantizationPlan.Step) -> [Float] {
    guard step.node.parameters.count > 1 else { return [] }
    let numbers = parameters
    return step.node.parameters[1].map { numbers[$0] }
  }
}
