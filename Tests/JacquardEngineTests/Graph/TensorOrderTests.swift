import JacquardEngine
import Testing

/// The order of a tensor's elements in files (PyTorch's) and in memory.
struct TensorOrderTests {
  static let orders: [TensorOrder] = [
    .vector(1), .vector(35),
    .convolution(kernel: Size2D(height: 2, width: 3), inputChannels: 5, outputChannels: 17),
    .convolution(kernel: 1, inputChannels: 1, outputChannels: 40),
    .dense(inputs: .vector(7), outputs: 33),
    .dense(inputs: Shape.image(height: 2, width: 3, channels: 4).flattened, outputs: 18),
  ]

  /// The definition, element by element.
  private func memoryIndices(_ order: TensorOrder) -> [Int] {
    switch order {
    case .vector(let count): return Array(0..<count)
    case .convolution(let kernel, let inputs, let outputs):
      let positions = kernel.height * kernel.width
      return (0..<outputs).flatMap { output in
        (0..<inputs).flatMap { input in (0..<positions).map { ($0 * inputs + input) * outputs + output } }
      }
    case .dense(let inputs, let outputs):
      let channels = inputs.flattenedFrom?[2] ?? inputs.count
      return (0..<outputs).flatMap { output in
        (0..<channels).flatMap { channel in
          (0..<inputs.count / channels).map { ($0 * channels + channel) * outputs + output }
        }
      }
    }
  }

  @Test(arguments: orders) func followsItsDefinition(order: TensorOrder) {
    let expected = memoryIndices(order)
    #expect(order.indicesInFileOrder == expected && Set(expected).count == order.count)
    let memory = (0..<order.count).map { Float($0) * 1.5 }
    let file = order.inFileOrder(memory.span)
    #expect(file == expected.map { memory[$0] })
    var back = [Float](repeating: .nan, count: order.count)
    var target = back.mutableSpan
    order.copy(fileOrder: file.span, to: &target)
    #expect(back == memory)
  }
}
