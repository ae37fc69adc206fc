internal import Support
public import Samples

/// A two-dimensional convolution (cross-correlation, as in every framework) with an optional bias.
///
/// `input [N, H, W, C] → output [N, H', W', outputChannels]` with `H' = ⌊(H + top + bottom − dilation · (kernel − 1) − 1) / stride⌋ + 1`, and
/// likewise `W'`. With `groups`, the channels are cut into `groups` parts that are convolved separately; both channel counts must be multiples of
/// `groups`.
public struct Conv2D: SingleOperatorLayer {
  /// Channels of the output.
  public var outputChannels: Int
  /// Height and width of the kernel.
  public var kernelSize: Size2D
  /// Step from one output pixel to the next.
  public var stride: Size2D
  /// Zeros around the input.
  public var padding: Padding
  /// Distance between the kernel's taps.
  public var dilation: Size2D
  /// The number of groups of channels that are convolved separately.
  public var groups: Int
  /// Whether each output channel has a bias.
  public var usesBias: Bool
  /// What the layer is called in files; see `LayerName`.
  public var name: String?

  /// A convolution; sizes must be positive and padding must not be negative.
  public init(
    outputChannels: Int, kernelSize: Size2D, stride: Size2D = 1, padding: Padding = .valid, dilation: Size2D = 1,
    groups: Int = 1, usesBias: Bool = true, name: String? = nil
  ) {
    LayerName.require(name, of: "Conv2D")
    require(
      outputChannels > 0 && groups > 0 && outputChannels % groups == 0,
      "Conv2D: outputChannels (\(outputChannels)) must be a positive multiple of groups (\(groups))")
    require(
      kernelSize.isPositive && stride.isPositive && dilation.isPositive && padding.isNatural,
      "Conv2D: kernel \(kernelSize), stride \(stride) and dilation \(dilation) must be positive, padding (\(padding)) not negative"
    )
    self.outputChannels = outputChannels
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.usesBias = usesBias
    self.name = name
  }

  /// A convolution whose padding may depend on its kernel; sizes must be positive and padding must not be negative.
  public init(
    _ outputChannels: Int, kernelSize: Size2D, stride: Size2D = 1, padding: ConvolutionPadding = .valid,
    dilation: Size2D = 1, groups: Int = 1, usesBias: Bool = true, name: String? = nil
  ) {
    self.init(
      outputChannels: outputChannels, kernelSize: kernelSize, stride: stride,
      padding: padding.padding(kernel: kernelSize, dilation: dilation), dilation: dilation, groups: groups,
      usesBias: usesBias, name: name)
  }

  public static let type = "conv2d"
  public static let namePrefix = "conv"

  public var details: String {
    var parts = ["\(kernelSize)", "stride \(stride)", "padding \(padding)"]
    if dilation != 1 { parts.append("dilation \(dilation)") }
    if groups != 1 { parts.append("groups \(groups)") }
    return parts.joined(separator: ", ")
  }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try ShapeMismatch.requireImage(input)
    guard input.channels % groups == 0 else {
      throw ShapeMismatch("has \(groups) groups, which do not divide the \(input.channels) channels of \(input)")
    }
    guard let geometry = geometry(for: input) else {
      throw ShapeMismatch(
        "has a \(kernelSize) kernel (dilation \(dilation), padding \(padding)), larger than the input \(input)")
    }
    return .image(height: geometry.outputHeight, width: geometry.outputWidth, channels: outputChannels)
  }

  public func tensors(for input: Shape) -> [TensorSpecification] {
    let taps = kernelSize.height * kernelSize.width
    let inputs = input.channels / groups
    let weight = TensorSpecification(
      "weight", .convolution(kernel: kernelSize, inputChannels: inputs, outputChannels: outputChannels), role: .weight,
      initial: .random(fanIn: taps * inputs, fanOut: taps * outputChannels / groups))
    let bias = TensorSpecification("bias", .vector(outputChannels), role: .bias, initial: .constant(0))
    return usesBias ? [weight, bias] : [weight]
  }

  public func multiplyAdds(for input: Shape) -> Int {
    guard let geometry = geometry(for: input) else { return 0 }
    return geometry.outputHeight * geometry.outputWidth * geometry.patchSize * outputChannels
  }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    guard let geometry = geometry(for: input) else {
      failPrecondition("\(name): a \(kernelSize) kernel does not fit into \(input)")
    }
    return Convolution(geometry: geometry, usesBias: usesBias, options: options)
  }

  private func geometry(for input: Shape) -> ConvolutionGeometry? {
    ConvolutionGeometry(
      input: input, outputChannels: outputChannels, kernelSize: kernelSize, stride: stride, padding: padding,
      dilation: dilation, groups: groups)
  }
}

extension Conv2D {
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case outputChannels = "output_channels"
    case kernelSize = "kernel_size"
    case stride, padding, dilation, groups
    case usesBias = "bias"
    case name
  }

  /// Reads the layer's JSON; every setting but the channels and the kernel size has a default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    outputChannels = try container.decodeWhole(.outputChannels)
    kernelSize = try container.decode(Size2D.self, forKey: .kernelSize)
    stride = try container.decode(.stride, or: 1)
    dilation = try container.decode(.dilation, or: 1)
    groups = try container.decodeWhole(.groups, or: 1)
    usesBias = try container.decode(.usesBias, or: true)
    name = try container.decodeName(.name)
    // Checked before the padding, which is computed from both.
    try container.require(kernelSize.isWithin(1...256), .kernelSize, "must be 1 to 256")
    try container.require(dilation.isWithin(1...256), .dilation, "must be 1 to 256")
    if let word = try? container.decode(String.self, forKey: .padding), word == "same" {
      padding = .same(kernelSize, dilation: dilation)
    } else {
      padding = try container.decode(.padding, or: .valid)
    }
    let limit = 1 << 16
    try container.require((1...limit).contains(outputChannels), .outputChannels, "must be 1 to \(limit)")
    try container.require((1...limit).contains(groups), .groups, "must be 1 to \(limit)")
    try container.require(outputChannels % groups == 0, .groups, "must divide output_channels (\(outputChannels))")
    try container.require(stride.isWithin(1...256), .stride, "must be 1 to 256")
    try container.require(padding.isWithin(0...65536), .padding, "must be 0 to 65536")
  }
}
