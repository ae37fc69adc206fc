internal import Support
public import Samples

/// Zeros around each image: `input [N, H, W, C] → output [N, top + H + bottom, left + W + right, C]`.
///
/// Convolutions and pools have their own padding. This layer is for pools whose padding counts as zeros, and for padding that is wider than a window.
public struct ZeroPad2D: SingleOperatorLayer {
  /// Zeros on each side, each 0 to 65536.
  public var padding: Padding

  /// A layer that puts zeros around an image.
  public init(_ padding: Padding) {
    require(padding.isWithin(0...65536), "ZeroPad2D: padding must be 0 to 65536, found \(padding)")
    self.padding = padding
  }

  public static let type = "zero_pad2d"
  public static let namePrefix = "pad"

  public var details: String { "padding \(padding)" }

  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    try ShapeMismatch.requireImage(input)
    return .image(
      height: padding.top + input.height + padding.bottom, width: padding.left + input.width + padding.right,
      channels: input.channels)
  }

  public func makeOperator(input: Shape, output: Shape, name: String, options: ComputeOptions) -> any Operator {
    Framing(input: input, output: output, padding: padding)
  }

  private struct Framing: Operator {
    let input: Shape
    let output: Shape
    let padding: Padding

    var elements: ElementRule { .selection }

    /// The elements of one row of an image, without and with its padding.
    private func places(image: Int, row: Int) -> (outer: Range<Int>, inner: Range<Int>) {
      let count = input.width * input.channels
      let inner = (image * input.height + row) * count
      let outer =
        ((image * output.height + padding.top + row) * output.width + padding.left) * input.channels
      return (outer..<outer + count, inner..<inner + count)
    }

    func forward(_ pass: borrowing ForwardPass) {
      let source = pass.input()
      var target = pass.output()
      Kernels.fill(&target, with: 0)
      for image in 0..<pass.imageCount {
        for row in 0..<input.height {
          let (outer, inner) = places(image: image, row: row)
          var part = target.part(outer)
          Kernels.copy(source.extracting(inner), to: &part)
        }
      }
    }

    func backward(_ pass: borrowing BackwardPass) {
      guard pass.needsInputGradient else { return }
      let source = pass.outputGradient()
      var target = pass.inputGradient()
      for image in 0..<pass.imageCount {
        for row in 0..<input.height {
          let (outer, inner) = places(image: image, row: row)
          var part = target.part(inner)
          Kernels.copy(source.extracting(outer), to: &part)
        }
      }
    }
  }
}

extension ZeroPad2D {
  public enum CodingKeys: CodingKey, CaseIterable {
    case padding
  }

  /// Reads the layer's JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    padding = try container.decode(Padding.self, forKey: .padding)
    try container.require(padding.isWithin(0...65536), .padding, "must be 0 to 65536 on every side")
  }
}
