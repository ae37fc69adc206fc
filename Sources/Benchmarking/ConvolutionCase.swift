package import JacquardEngine

/// A convolution that is measured, and the layers that are one like it.
package struct ConvolutionCase {
  package let layer: Conv2D
  package let input: Shape
  package private(set) var layers: [String]

  /// What tells it from others, such as `14×14×32→64 3×3 padding 1`; what is usual is left out.
  package var shape: String {
    var parts = ["\(input)→\(layer.outputChannels)", "\(layer.kernelSize)"]
    if layer.stride != 1 { parts.append("stride \(layer.stride)") }
    if layer.padding != .valid { parts.append("padding \(layer.padding)") }
    if layer.dilation != 1 { parts.append("dilation \(layer.dilation)") }
    if layer.groups != 1 { parts.append("groups \(layer.groups)") }
    return parts.joined(separator: " ")
  }

  /// The different convolutions of models, in the order in which they first occur. A bias makes no difference.
  package static func cases(of models: [Model]) -> [ConvolutionCase] {
    var cases: [ConvolutionCase] = []
    for model in models {
      for convolution in model.convolutions {
        var layer = convolution.layer
        layer.usesBias = false
        let name = "\(model.name).\(convolution.name)"
        if let place = cases.firstIndex(where: { $0.layer == layer && $0.input == convolution.input }) {
          cases[place].layers.append(name)
        } else {
          cases.append(ConvolutionCase(layer: layer, input: convolution.input, layers: [name]))
        }
      }
    }
    return cases
  }
}
