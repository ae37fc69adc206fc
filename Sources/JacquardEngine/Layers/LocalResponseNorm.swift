internal import Randomness
internal import Support
public import Samples

/// Local response normalization: each channel of a pixel is divided by a power of the squares of its neighbors
/// (Krizhevsky et al. 2012).
///
/// `y[c] = x[c] · s[c]^(−beta)`, `s[c] = bias + alpha / size · Σ x[i]²` over the `size` channels around `c`; if the size is even, the window has one
/// more channel after `c` than before. Works on images `[N, H, W, C]` and vectors `[N, C]`.
public struct LocalResponseNorm: SingleOperatorLayer {
  /// The number of channels in a sum; 1 to 65536.
  public var size: Int
  /// The factor of the sum.
  public var alpha: Float
  /// The exponent.
  public var beta: Float
  /// The constant added to the sum.
  public var bias: Float

  /// A local response norm; the bias must be positive, alpha and beta must not be negative.
  public init(size: Int, alpha: Float = 1e-4, beta: Float = 0.75, bias: Float = 1) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
    let problem = problem
    require(problem == nil, "LocalResponseNorm: \(problem?.key.stringValue ?? "") \(problem?.text ?? "")")
  }

  public static let type = "local_response_norm"
  public static let namePrefix = "lrn"

  public var details: String { "\(size) channels, alpha \(alpha), beta \(beta), bias \(bias)" }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try ShapeMismatch.requireChannelOrder(input)
    return input
  }

  public func multiplyAdds(for input: Shape) -> Int { input.count * min(size, input.channels) }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    ResponseNormalization(
      channels: input.channels, size: size, alpha: Double(alpha) / Double(size), beta: Double(beta),
      bias: Double(bias))
  }

  /// Sums and powers are computed in Double, by functions that give the same bits with every library.
  private struct ResponseNormalization: Operator {
    let channels: Int
    let size: Int
    let alpha: Double
    let beta: Double
    let bias: Double

    var isGradientInPlace: Bool { true }
    var retains: Retention { .input }
    /// For each channel of a pixel: the sum `s`, and the gradient that it sends to the channels in its sum.
    var scratchCount: Int { 2 * channels }

    private func neighbors(of channel: Int) -> Range<Int> {
      max(0, channel - (size - 1) / 2)..<min(channels, channel + size / 2 + 1)
    }

    /// The channels whose sums include a channel.
    private func readers(of channel: Int) -> Range<Int> {
      max(0, channel - size / 2)..<min(channels, channel + (size - 1) / 2 + 1)
    }

    private func sum(_ pixel: Span<Float>, around channel: Int) -> Double {
      var sum = 0.0
      for index in neighbors(of: channel) { sum += Double(pixel[index]) * Double(pixel[index]) }
      return bias + alpha * sum
    }

    /// sum^(−beta)
    private func factor(_ sum: Double) -> Double {
      if beta == 0.75 {
        let root = sum.squareRoot()
        return 1 / (root * root.squareRoot())
      }
      // Beyond the range of the logarithm, use the power of the largest number.
      let bounded = min(sum, Double.greatestFiniteMagnitude)
      return bounded.isNaN ? bounded : ElementaryFunctions.exponential(-beta * ElementaryFunctions.logarithm(bounded))
    }

    func forward(_ pass: borrowing ForwardPass) {
      let input = pass.input()
      var output = pass.output()
      for first in stride(from: 0, to: input.count, by: channels) {
        let pixel = input.extracting(first..<first + channels)
        for channel in 0..<channels {
          output[first + channel] = Float(Double(pixel[channel]) * factor(sum(pixel, around: channel)))
        }
      }
    }

    /// dx[c] = g[c] s[c]^(−beta) − 2 alpha beta x[c] Σ g[i] x[i] s[i]^(−beta−1) over the channels whose sums include c
    func backward(_ pass: borrowing BackwardPass) {
      guard pass.needsInputGradient else { return }
      let input = pass.input()
      var gradient = pass.changingOutputGradient()
      var factors = pass.scratch(0..<channels)
      var sent = pass.scratch(channels..<2 * channels)
      for first in stride(from: 0, to: input.count, by: channels) {
        let pixel = input.extracting(first..<first + channels)
        for channel in 0..<channels {
          let sum = sum(pixel, around: channel)
          let factor = factor(sum)
          factors[channel] = Float(factor)
          sent[channel] = Float(Double(gradient[first + channel]) * Double(pixel[channel]) * factor / sum)
        }
        for channel in 0..<channels {
          var total = 0.0
          for reader in readers(of: channel) { total += Double(sent[reader]) }
          gradient[first + channel] = Float(
            Double(gradient[first + channel]) * Double(factors[channel])
              - 2 * alpha * beta * Double(pixel[channel]) * total)
        }
      }
    }
  }
}

extension LocalResponseNorm {
  public enum CodingKeys: CodingKey, CaseIterable {
    case size, alpha, beta, bias
  }

  /// The setting that is out of range, and the reason.
  fileprivate var problem: (key: CodingKeys, text: String)? {
    guard 1...65536 ~= size else { return (.size, "must be 1 to 65536, found \(size)") }
    guard alpha >= 0, alpha.isFinite else { return (.alpha, "must be finite and not negative, found \(alpha)") }
    guard 0...16 ~= beta else { return (.beta, "must be 0 to 16, found \(beta)") }
    guard bias >= 1e-6, bias.isFinite else { return (.bias, "must be 0.000001 or more, found \(bias)") }
    return nil
  }

  /// Reads the layer's JSON; the defaults are PyTorch's.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    size = try container.decode(Int.self, forKey: .size)
    alpha = try container.decode(.alpha, or: 1e-4)
    beta = try container.decode(.beta, or: 0.75)
    bias = try container.decode(.bias, or: 1)
    if let problem { try container.require(false, problem.key, problem.text) }
  }
}
