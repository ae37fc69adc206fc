internal import Support
internal import Randomness
public import Samples

/// Dropout: in training, each element is zeroed with probability `rate` and the others are divided by `1 − rate`; in inference the input is unchanged
/// (Srivastava et al. 2014).
///
/// The mask is a function of the run's seed, the layer's name, the epoch and the image's number, so it depends neither on order nor on threads.
public struct Dropout: SingleOperatorLayer {
  /// The probability that an element is zeroed, from 0 to below 1.
  public var rate: Float

  /// Dropout; the rate must be from 0 to below 1.
  public init(_ rate: Float) {
    require(rate >= 0 && rate < 1, "Dropout: rate must be 0 to below 1, found \(rate)")
    self.rate = rate
  }

  public static let type = "dropout"
  public static let namePrefix = "dropout"

  public var details: String { "rate \(rate)" }

  public func outputShape(for input: Shape) -> Shape { input }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    Masking(count: input.count, rate: rate, streamName: "dropout/\(name)")
  }
}

extension Dropout {
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case rate
  }

  /// Reads the layer's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    rate = try container.decode(Float.self, forKey: .rate)
    try container.require(rate >= 0 && rate < 1, .rate, "must be 0 to below 1")
  }
}

/// Draws the same mask in forward and backward, so nothing needs to be saved.
struct Masking: Operator {
  let count: Int
  let rate: Float
  let streamName: String

  var isInPlace: Bool { true }
  var differsInTraining: Bool { true }

  func forward(_ pass: borrowing ForwardPass) {
    guard pass.isTraining else { return }
    var values = pass.output()
    mask(&values, seed: pass.seed, epoch: pass.epoch, samples: pass.samples)
  }

  func backward(_ pass: borrowing BackwardPass) {
    guard pass.isTraining else { return }
    var gradient = pass.changingOutputGradient()
    mask(&gradient, seed: pass.seed, epoch: pass.epoch, samples: pass.samples)
  }

  private func mask(_ values: inout MutableSpan<Float>, seed: UInt64, epoch: Int, samples: Span<Int32>) {
    let stream = RandomStream(seed: seed, name: streamName)
    let scale = 1 / (1 - rate)
    for image in samples.indices {
      var generator = stream.generator(epoch: epoch, index: Int(samples[image]))
      for index in image * count..<(image + 1) * count {
        values[index] = generator.unitFloat() < rate ? 0 : values[index] * scale
      }
    }
  }
}
