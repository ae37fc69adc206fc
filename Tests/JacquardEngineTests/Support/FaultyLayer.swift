import LinearAlgebra
import JacquardEngine

/// A layer with selectable faults: every second pixel, times one weight per channel.
///
/// `y[r, c, k] = weight[k] · x[2r, 2c, k]`. Without a fault it is correct, so the faults are the only difference.
struct FaultyLayer: SingleOperatorLayer {
  enum Fault: String, CaseIterable, Codable, Sendable {
    case none
    /// The input's gradient is 0.1 % too large.
    case inputScale
    /// The weight's gradient is 0.1 % too large.
    case weightScale
    /// Backward ignores the stride.
    case stride
    /// Backward leaves pixels that no output reads unchanged instead of writing zeros.
    case unwritten
    /// The weight's gradient uses only the last image.
    case lastImage
  }

  var fault = Fault.none
  /// Whether the layer is correct when computed by plain loops, so that a comparison with them detects the fault.
  var isRightWhenNaive = false

  static let type = "faulty"
  static let namePrefix = "faulty"

  enum CodingKeys: CodingKey, CaseIterable { case fault }

  func outputShape(for input: Shape) -> Shape {
    .image(height: (input.height + 1) / 2, width: (input.width + 1) / 2, channels: input.channels)
  }

  func tensors(for input: Shape) -> [TensorSpecification] {
    [TensorSpecification("weight", .vector(input.channels), role: .weight, initial: .constant(1))]
  }

  func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    let isRight = isRightWhenNaive && options.product == .naive
    return Subsampling(fault: isRight ? .none : fault, input: input, output: output)
  }
}

extension FaultyLayer: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    var result = ReferenceBatch(outputShape(for: input.shape), from: input, roundings: input.images * input.pixels)
    for image in 0..<result.images {
      for row in 0..<result.height {
        for column in 0..<result.width {
          for channel in 0..<result.channels {
            result.values[result.index(image, row, column, channel)] =
              context["weight"][channel] * input.values[input.index(image, 2 * row, 2 * column, channel)]
          }
        }
      }
    }
    return result
  }
}

private struct Subsampling: Operator {
  let fault: FaultyLayer.Fault
  let input: Shape
  let output: Shape

  var retains: Retention { .input }

  func forward(_ pass: borrowing ForwardPass) {
    var result = pass.output()
    forEachPixel(pass.imageCount, stride: 2) { _, from, to in
      for channel in 0..<input.channels {
        result[to + channel] = pass.parameter(0)[channel] * pass.input()[from + channel]
      }
    }
  }

  func backward(_ pass: borrowing BackwardPass) {
    var weightGradient = pass.parameterGradient(0)
    for channel in 0..<input.channels { weightGradient[channel] = 0 }
    forEachPixel(pass.imageCount, stride: 2) { image, from, to in
      for channel in 0..<input.channels where fault != .lastImage || image == pass.imageCount - 1 {
        weightGradient[channel] +=
          (fault == .weightScale ? 1.001 : 1) * pass.input()[from + channel] * pass.outputGradient()[to + channel]
      }
    }
    var inputGradient = pass.inputGradient()
    if fault != .unwritten {
      for index in inputGradient.indices { inputGradient[index] = 0 }
    }
    forEachPixel(pass.imageCount, stride: fault == .stride ? 1 : 2) { _, from, to in
      for channel in 0..<input.channels {
        inputGradient[from + channel] =
          (fault == .inputScale ? 1.001 : 1) * pass.parameter(0)[channel] * pass.outputGradient()[to + channel]
      }
    }
  }

  /// Calls `body` with each output pixel's image and the first elements of the input pixel and of the output pixel.
  private func forEachPixel(_ images: Int, stride: Int, _ body: (Int, Int, Int) -> Void) {
    for image in 0..<images {
      for row in 0..<output.height {
        for column in 0..<output.width {
          let from = (image * input.height + row * stride) * input.width + column * stride
          let to = (image * output.height + row) * output.width + column
          body(image, from * input.channels, to * input.channels)
        }
      }
    }
  }
}
