internal import Support
public import Samples

/// The largest value of each window: `input [N, H, W, C] → output [N, H', W', C]`, `H' = ⌊(H + padding − size) /
/// stride⌋ + 1`.
///
/// Padding never wins. The first of equal values, row by row, receives the gradient. Pixels that do not fill a last window are left out.
public struct MaxPool2D: SingleOperatorLayer {
  /// Height and width of the window; at most 256 positions.
  public var size: Size2D
  /// Step from one window to the next.
  public var stride: Size2D
  /// Positions around the image that never win; less than the window on every side.
  public var padding: Padding

  /// A pool whose windows do not overlap, unless `stride` says otherwise.
  public init(_ size: Size2D, stride: Size2D? = nil, padding: Padding = .valid) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    let problem = poolProblem(size: size, stride: self.stride, padding: padding)
    require(problem == nil, "MaxPool2D: \(problem ?? "")")
  }

  public static let type = "max_pool2d"
  public static let namePrefix = "pool"

  public var details: String { "\(size), stride \(stride)" + (padding == .valid ? "" : ", padding \(padding)") }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try pooledShape(input, size: size, stride: stride, padding: padding)
  }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    guard let window = Window(input: input, size: size, stride: stride, padding: padding) else {
      failPrecondition("\(name): a \(size) window does not fit into \(input)")
    }
    return MaxPooling(window: window)
  }
}

/// The operator of `MaxPool2D`; the block of a convolution may replace it.
struct MaxPooling: Operator {
  let window: Window

  var elements: ElementRule { .selection }

  /// One byte per output: the winner's position in its window.
  var savedBytesPerImage: Int { window.outputPixels * window.input.channels }

  func forward(_ pass: borrowing ForwardPass) {
    var output = pass.output()
    var choices = pass.saved
    Kernels.maxPool(
      window, input: pass.input(), stride: window.input.channels, output: &output, choices: &choices,
      images: pass.imageCount)
  }

  func backward(_ pass: borrowing BackwardPass) {
    guard pass.needsInputGradient else { return }
    var inputGradient = pass.inputGradient()
    Kernels.maxPoolBackward(
      window, outputGradient: pass.outputGradient(), choices: pass.saved, inputGradient: &inputGradient,
      stride: window.input.channels, images: pass.imageCount)
  }
}

extension MaxPool2D {
  public enum CodingKeys: CodingKey, CaseIterable {
    case size, stride, padding
  }

  /// Reads the layer's JSON; the stride is the size unless given.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    size = try container.decode(Size2D.self, forKey: .size)
    stride = try container.decode(.stride, or: size)
    padding = try container.decode(.padding, or: .valid)
    let problem = poolProblem(size: size, stride: stride, padding: padding)
    try container.require(problem == nil, .size, problem ?? "")
  }
}

/// What is wrong with a pool's settings; nil if they are valid.
package func poolProblem(size: Size2D, stride: Size2D, padding: Padding) -> String? {
  guard size.isWithin(1...256), size.height * size.width <= 256 else {
    return "must be positive and cover at most 256 places, found \(size)"
  }
  guard stride.isWithin(1...65536) else { return "needs a stride of 1 to 65536, found \(stride)" }
  guard padding.isWithin(0...255), max(padding.top, padding.bottom) < size.height,
    max(padding.left, padding.right) < size.width
  else { return "needs a padding of 0 to less than the window (\(size)), found \(padding)" }
  return nil
}

/// The output shape of a pool for `input`.
func pooledShape(
  _ input: Shape, size: Size2D, stride: Size2D, padding: Padding
) throws(ShapeMismatch) -> Shape {
  try ShapeMismatch.requireImage(input)
  guard let window = Window(input: input, size: size, stride: stride, padding: padding) else {
    throw ShapeMismatch("has a \(size) window (padding \(padding)), larger than the input \(input)")
  }
  return .image(height: window.outputHeight, width: window.outputWidth, channels: input.channels)
}
