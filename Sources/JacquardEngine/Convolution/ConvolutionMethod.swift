internal import LinearAlgebra
package import Samples

/// The method for one pass of a convolution.
package enum ConvolutionMethod: String, CaseIterable, Codable, Sendable {
  case naive
  case im2col
  case direct
  case winograd2
  case winograd4

  /// Whether the method uses matrix products.
  package var multiplies: Bool {
    switch self {
    case .naive, .direct: false
    case .im2col, .winograd2, .winograd4: true
    }
  }

  /// Whether this method can compute a convolution.
  package func suits(_ layer: Conv2D, input: Shape) -> Bool {
    ConvolutionGeometry(layer, input: input).map(suits) ?? false
  }

  func suits(_ geometry: ConvolutionGeometry) -> Bool {
    switch self {
    case .naive, .im2col: true
    case .direct: geometry.isDepthwise || DirectConvolution.suits(geometry)
    case .winograd2, .winograd4: WinogradConvolution.suits(geometry)
    }
  }

  /// Floats per output pixel that the methods of all passes require: whole vectors for register tiles.
  static func outputStride(of geometry: ConvolutionGeometry, methods: Set<ConvolutionMethod>) -> Int {
    methods.contains(.direct) && !geometry.isDepthwise
      ? DirectConvolution.stride(forChannels: geometry.outputChannels) : geometry.outputChannels
  }

  func implementation(
    _ geometry: ConvolutionGeometry, product: MatrixProduct, passes: Set<ConvolutionPass>
  ) -> any ConvolutionImplementation {
    switch self {
    case .naive: NaiveConvolution(geometry)
    case .im2col: LoweredConvolution(geometry, product: product, passes: passes)
    case .direct:
      if geometry.isDepthwise {
        DepthwiseConvolution(geometry, passes: passes)
      } else {
        DirectConvolution(geometry, passes: passes)
      }
    case .winograd2: WinogradConvolution(geometry, size: 2, product: product, passes: passes)
    case .winograd4: WinogradConvolution(geometry, size: 4, product: product, passes: passes)
    }
  }
}

extension ConvolutionAlgorithm {
  /// The methods that `ConvolutionCost` chooses from under this setting; the first that suits if no other does.
  private var candidates: [ConvolutionMethod] {
    switch self {
    case .auto: [.im2col, .direct, .winograd2, .winograd4]
    case .naive: [.naive]
    case .im2col: [.im2col]
    case .direct: [.direct]
    case .winograd: [.winograd2, .winograd4]
    }
  }

  /// The method of one pass. A convolution that the algorithm cannot compute is lowered.
  func method(_ geometry: ConvolutionGeometry, _ pass: ConvolutionPass) -> ConvolutionMethod {
    let suited = candidates.filter { $0.suits(geometry) }
    return suited.min { ConvolutionCost($0, geometry)[pass] < ConvolutionCost($1, geometry)[pass] } ?? .im2col
  }
}
