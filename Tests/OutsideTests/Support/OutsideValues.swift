import Jacquard

/// Momentum, written as a user of the package would: `v ← keep · v + g`, `p ← p − learningRate · v`.
struct Momentum: Optimizer {
  var keep: Float = 0.9

  var momentNames: [String] { ["velocity"] }

  func apply(_ update: borrowing ParameterUpdate) {
    let gradient = update.gradient
    var parameters = update.parameters
    var velocity = update.moment(0)
    for index in parameters.indices {
      velocity[index] = keep * velocity[index] + gradient[index] * update.gradientScale
      parameters[index] -= update.learningRate * velocity[index]
    }
  }
}

/// Half the squared distance of the logits from the true class's unit vector.
struct SquaredDistance: Loss {
  /// The sum of losses is NaN for a shard whose first label is this; nil for none.
  var faultyLabel: Int32?

  func sumAndGradient(
    logits: Span<Float>, labels: Span<Int32>, classes: Int, scale: Float, gradient: inout MutableSpan<Float>
  ) -> Double {
    var sum = 0.0
    for image in labels.indices {
      for index in 0..<classes {
        let difference = logits[image * classes + index] - (index == Int(labels[image]) ? 1 : 0)
        gradient[image * classes + index] = scale * difference
        sum += Double(difference * difference) / 2
      }
    }
    return labels[0] == faultyLabel ? .nan : sum
  }
}

/// The rate falls like a harmonic series, epoch by epoch.
struct HarmonicDecay: LearningRateSchedule {
  var first: Double

  func rate(step: Int, of run: RunLength) -> Double { first / Double(1 + step / run.stepsPerEpoch) }
}

/// Multiplies each channel by a trained number: `y = weight · x`, on images and vectors.
struct ChannelScale: SingleOperatorLayer {
  /// The initial value of each channel's number.
  var initial: Float

  enum CodingKeys: CodingKey, CaseIterable { case initial }

  static let type = "channel_scale"
  static let namePrefix = "scale"

  func outputShape(for input: Shape) -> Shape { input }

  func tensors(for input: Shape) -> [TensorSpecification] {
    [TensorSpecification("weight", .vector(input.channels), role: .bias, initial: .constant(initial))]
  }

  func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    Scaling(channels: input.channels)
  }

  private struct Scaling: Operator {
    let channels: Int

    var retains: Retention { .input }

    func forward(_ pass: borrowing ForwardPass) {
      let (input, weight) = (pass.input(), pass.parameter(0))
      var output = pass.output()
      for index in input.indices { output[index] = weight[index % channels] * input[index] }
    }

    func backward(_ pass: borrowing BackwardPass) {
      let (input, outputGradient) = (pass.input(), pass.outputGradient())
      var weightGradient = pass.parameterGradient(0)
      for channel in 0..<channels {
        var sum: Float = 0
        for index in stride(from: channel, to: input.count, by: channels) {
          sum += outputGradient[index] * input[index]
        }
        weightGradient[channel] = sum
      }
      guard pass.needsInputGradient else { return }
      let weight = pass.parameter(0)
      var inputGradient = pass.inputGradient()
      for index in input.indices { inputGradient[index] = weight[index % channels] * outputGradient[index] }
    }
  }
}

/// Images in memory; the true class's pixels are brighter.
struct BrightPixels: SampleProvider {
  let shape: Shape
  let images: [Float]
  let labels: [Int32]

  init(count: Int, shape: Shape, classes: Int) {
    self.shape = shape
    labels = (0..<count).map { Int32($0 * 7 % classes) }
    var state: UInt32 = 1
    images = labels.flatMap { label in
      (0..<shape.count).map { pixel in
        state = state &* 1_664_525 &+ 1_013_904_223
        return Float(state >> 8) / Float(1 << 24) - 0.5 + (pixel % classes == Int(label) ? 0.5 : 0)
      }
    }
  }

  var count: Int { labels.count }

  /// A different order in every epoch: a rotation.
  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    for index in order.indices { order[index] = Int32((index + 5 * epoch) % count) }
  }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    for position in samples.indices {
      let sample = Int(samples[position])
      labels[position] = self.labels[sample]
      for index in 0..<shape.count { inputs[position * shape.count + index] = images[sample * shape.count + index] }
    }
  }
}
