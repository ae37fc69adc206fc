internal import Support

/// The parametric rectifier: `y = x` where `x > 0` and `slope · x` elsewhere, with one learned slope per channel, or one for all (He et al. 2015).
///
/// Works on images `[N, H, W, C]` and vectors `[N, C]`. Weight decay does not apply to the slopes, as the paper advises.
public struct PReLU: SingleOperatorLayer {
  /// Whether all channels share one slope.
  public var isShared: Bool
  /// The initial value of every slope.
  public var initialSlope: Float
  /// What the layer is called in files; see `LayerName`.
  public var name: String?

  /// A parametric rectifier; the slopes start at 0.25, as in PyTorch.
  public init(isShared: Bool = false, initialSlope: Float = 0.25, name: String? = nil) {
    LayerName.require(name, of: "PReLU")
    require(initialSlope.isFinite, "PReLU: initialSlope must be finite, found \(initialSlope)")
    self.isShared = isShared
    self.initialSlope = initialSlope
    self.name = name
  }

  public static let type = "prelu"
  public static let namePrefix = "prelu"

  public var details: String { isShared ? "one slope" : "" }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard isShared || input.flattenedFrom == nil else {
      throw ShapeMismatch(
        "needs one slope per channel, found the flattened image \(input); put it before the flatten, or share one slope"
      )
    }
    return input
  }

  public func tensors(for input: Shape) -> [TensorSpecification] {
    let count = isShared ? 1 : input.channels
    return [TensorSpecification("weight", .vector(count), role: .bias, initial: .constant(initialSlope))]
  }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    ChannelRectification(channels: input.channels, pixels: input.pixels, isShared: isShared)
  }
}

extension PReLU {
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case isShared = "shared"
    case initialSlope = "initial_slope"
    case name
  }

  /// Reads the layer's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    isShared = try container.decode(.isShared, or: false)
    initialSlope = try container.decode(.initialSlope, or: 0.25)
    name = try container.decodeName(.name)
    try container.require(initialSlope.isFinite, .initialSlope, "must be finite")
  }
}

/// The prepared memory holds one slope per channel; a shared slope is repeated.
private struct ChannelRectification: Operator {
  let channels: Int
  let pixels: Int
  let isShared: Bool

  var isGradientInPlace: Bool { true }
  var retains: Retention { .input }
  var preparedCount: Int { channels }
  /// The gradients of the slopes for one image, and for all images.
  var scratchCount: Int { 2 * channels }

  func prepare(_ pass: borrowing PreparePass) {
    let slopes = pass.parameter(0)
    var prepared = pass.prepared
    for channel in prepared.indices { prepared[channel] = slopes[isShared ? 0 : channel] }
  }

  func forward(_ pass: borrowing ForwardPass) {
    // Spans of one pixel's length and no branches, so that the compiler can vectorize the loop.
    let (input, slopes) = (pass.input(), pass.prepared.extracting(0..<channels))
    var output = pass.output()
    for first in stride(from: 0, to: input.count, by: channels) {
      let row = input.extracting(first..<first + channels)
      var target = output.part(first..<first + channels)
      for channel in 0..<channels {
        let (x, scaled) = (row[channel], slopes[channel] * row[channel])
        target[channel] = x > 0 ? x : scaled
      }
    }
  }

  /// The gradients of the slopes are summed per image and then over the images, which rounds less than one long sum.
  func backward(_ pass: borrowing BackwardPass) {
    let (input, slopes) = (pass.input(), pass.prepared.extracting(0..<channels))
    var gradient = pass.changingOutputGradient()
    var sums = pass.scratch(0..<channels)
    var imageSums = pass.scratch(channels..<2 * channels)
    Kernels.fill(&sums, with: 0)
    for image in 0..<pass.imageCount {
      Kernels.fill(&imageSums, with: 0)
      for pixel in image * pixels..<(image + 1) * pixels {
        let row = input.extracting(pixel * channels..<(pixel + 1) * channels)
        var rowGradient = gradient.part(pixel * channels..<(pixel + 1) * channels)
        for channel in 0..<channels {
          let (x, g) = (row[channel], rowGradient[channel])
          let (product, scaled) = (g * x, g * slopes[channel])
          imageSums[channel] += x > 0 ? 0 : product
          rowGradient[channel] = x > 0 ? g : scaled
        }
      }
      for channel in 0..<channels { sums[channel] += imageSums[channel] }
    }
    var slopeGradient = pass.parameterGradient(0)
    Kernels.fill(&slopeGradient, with: 0)
    for channel in 0..<channels { slopeGradient[isShared ? 0 : channel] += sums[channel] }
  }
}
