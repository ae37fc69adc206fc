package import JacquardEngine

/// A convolution to measure, and the layers with the same shape.
package struct ConvolutionCase {
  package let layer: Conv2D
  package let input: Shape
  package private(set) var layers: [String]

  /// Its description, such as `14×14×32→64 3×3 padding 1`; usual values are omitted.
  package var shape: String {
    var parts = ["\(input)→\(layer.outputChannels)", "\(layer.kernelSize)"]
    if layer.stride != 1 { parts.append("stride \(layer.stride)") }
    if layer.padding != .valid { parts.append("padding \(layer.padding)") }
    if layer.dilation != 1 { parts.append("dilation \(layer.dilation)") }
    if layer.groups != 1 { parts.append("groups \(layer.groups)") }
    return parts.joined(separator: " ")
  }

  /// The distinct convolutions of models, in order of first occurrence. A bias makes no difference.
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
