internal import Support
public import Samples

/// The mean of each window: `input [N, H, W, C] → output [N, H', W', C]`, `H' = ⌊(H + padding − size) / stride⌋ + 1`.
public struct AveragePool2D: SingleOperatorLayer {
  /// Height and width of the window; at most 256 positions.
  public var size: Size2D
  /// Step from one window to the next.
  public var stride: Size2D
  /// Zeros around the image; less than the window on every side.
  public var padding: Padding
  /// Whether padding counts in the divisor; by default it does, as in PyTorch.
  public var countsPadding: Bool

  /// A pool whose windows do not overlap, unless `stride` says otherwise.
  public init(_ size: Size2D, stride: Size2D? = nil, padding: Padding = .valid, countsPadding: Bool = true) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.countsPadding = countsPadding
    let problem = poolProblem(size: size, stride: self.stride, padding: padding)
    require(problem == nil, "AveragePool2D: \(problem ?? "")")
  }

  public static let type = "average_pool2d"
  public static let namePrefix = "pool"

  public var details: String { "\(size), stride \(stride)" + (padding == .valid ? "" : ", padding \(padding)") }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try pooledShape(input, size: size, stride: stride, padding: padding)
  }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    guard let window = Window(input: input, size: size, stride: stride, padding: padding) else {
      failPrecondition("\(name): a \(size) window does not fit into \(input)")
    }
    return Pooling(window: window, countsPadding: countsPadding)
  }

  private struct Pooling: Operator {
    let window: Window
    let countsPadding: Bool

    func forward(_ pass: borrowing ForwardPass) {
      var output = pass.output()
      Kernels.averagePool(
        window, countsPadding: countsPadding, input: pass.input(), output: &output, images: pass.imageCount)
    }

    func backward(_ pass: borrowing BackwardPass) {
      guard pass.needsInputGradient else { return }
      var inputGradient = pass.inputGradient()
      Kernels.averagePoolBackward(
        window, countsPadding: countsPadding, outputGradient: pass.outputGradient(), inputGradient: &inputGradient,
        images: pass.imageCount)
    }
  }
}

extension AveragePool2D {
  public enum CodingKeys: String, CodingKey, CaseIterable {
    case size, stride, padding
    case countsPadding = "counts_padding"
  }

  /// Reads the layer's JSON; the stride is the size unless given.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    size = try container.decode(Size2D.self, forKey: .size)
    stride = try container.decode(.stride, or: size)
    padding = try container.decode(.padding, or: .valid)
    countsPadding = try container.decode(.countsPadding, or: true)
    let problem = poolProblem(size: size, stride: stride, padding: padding)
    try container.require(problem == nil, .size, problem ?? "")
  }
}
