import Glibc
import JacquardEngine
import Randomness

extension ReLU: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    var output = input.mapped(roundings: 0) { max($0, 0) }
    output.margin = input.distanceToZero
    output.zerosAreHeld = true
    return output
  }
}

extension LeakyReLU: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let slope = Double(negativeSlope)
    var output = input.mapped(roundings: 1) { $0 > 0 ? $0 : slope * $0 }
    output.margin = input.distanceToZero
    return output
  }
}

extension PReLU: ReferenceLayer {
  /// A slope's gradient is a sum over all positions that share it, whose terms may cancel each other.
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let slopes = context["weight"]
    let terms = input.images * input.pixels * (isShared ? input.channels : 1)
    var output = ReferenceBatch(input.shape, from: input, roundings: terms + 1)
    output.values = input.values.enumerated().map { index, x in
      x > 0 ? x : slopes[isShared ? 0 : index % input.channels] * x
    }
    output.margin = input.distanceToZero
    return output
  }
}

extension GELU: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    input.mapped(roundings: 8) { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 }
  }
}

extension SiLU: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    input.mapped(roundings: 8) { $0 / (1 + exp(-$0)) }
  }
}

extension Dropout: ReferenceLayer {
  /// Masks are part of a seed's promise, so their address is written out here again.
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    guard context.isTraining else { return input }
    var output = input.mapped(roundings: 3) { $0 / (1 - Double(rate)) }
    output.zerosAreHeld = true
    let stream = RandomStream(seed: context.seed, name: "dropout/\(context.name)")
    for image in 0..<input.images {
      var generator = stream.generator(epoch: context.epoch, index: image)
      for index in image * input.shape.count..<(image + 1) * input.shape.count
      where generator.unitFloat() < rate {
        output.values[index] = 0
      }
    }
    return output
  }
}

extension Flatten: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    var output = ReferenceBatch(.vector(input.shape.count), from: input, roundings: 0)
    output.values = input.values
    return output
  }
}

extension Dense: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let weights = context["weight"]
    let inputs = input.channels
    let roundings = max(inputs, outputFeatures, input.images) + 1
    var output = ReferenceBatch(.vector(outputFeatures), from: input, roundings: roundings)
    for image in 0..<input.images {
      for feature in 0..<outputFeatures {
        var sum = usesBias ? context["bias"][feature] : 0
        for index in 0..<inputs {
          sum += input.values[image * inputs + index] * weights[index * outputFeatures + feature]
        }
        output.values[image * outputFeatures + feature] = sum
      }
    }
    return output
  }
}

extension ReferenceBatch {
  /// The margin after a kink at zero.
  fileprivate var distanceToZero: Double {
    values.reduce(margin) { zerosAreHeld && $1 == 0 ? $0 : min($0, $1.magnitude) }
  }
}
