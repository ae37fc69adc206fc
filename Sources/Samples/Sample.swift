internal import Support

/// One sample in the form that a network takes.
public struct Sample: Hashable, Sendable {
  /// Its shape.
  public let shape: Shape
  /// Its numbers, normalized, `[shape]`.
  public let inputs: [Float]
  /// The index of its class.
  public let label: Int

  /// Makes a sample from normalized numbers, one per element of the shape.
  public init(shape: Shape, inputs: [Float], label: Int = 0) {
    require(
      inputs.count == shape.count, "Sample: a shape of \(shape) needs \(shape.count) numbers, not \(inputs.count).")
    self.shape = shape
    self.inputs = inputs
    self.label = label
  }
}

extension SampleProvider {
  /// The sample with a number, from 0, drawn for epoch 0.
  ///
  /// - Precondition: `number` is in 0 ..< `count`.
  public subscript(number: Int) -> Sample {
    require(number >= 0 && number < count, "SampleProvider: sample \(number) is outside 0..<\(count).")
    var inputs = [Float](repeating: 0, count: shape.count)
    let numbers: [1 of Int32] = [Int32(number)]
    var label: [1 of Int32] = [0]
    var inputSpan = inputs.mutableSpan
    var labelSpan = label.mutableSpan
    draw(numbers.span, epoch: 0, into: &inputSpan, labels: &labelSpan)
    return Sample(shape: shape, inputs: inputs, label: Int(label[0]))
  }
}
