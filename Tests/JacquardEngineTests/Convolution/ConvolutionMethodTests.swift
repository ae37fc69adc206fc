import JacquardEngine
import TestSupport
import Testing

/// Every method and pass against loops in Double, regardless of what `auto` would choose.
struct ConvolutionMethodTests {
  /// Relative to the largest result.
  private static func bound(_ method: ConvolutionMethod) -> Double {
    switch method {
    case .winograd4: 1e-5
    case .winograd2: 2e-6
    default: 1e-6
    }
  }

  private static let cases: [(size: Int, inputs: Int, outputs: Int, padding: Padding)] = [
    (14, 32, 64, Padding(1)), (13, 16, 32, .valid), (7, 20, 24, Padding(1)), (5, 64, 64, .valid),
    (9, 1, 6, Padding(1)), (6, 3, 40, .valid), (12, 16, 16, Padding(top: 0, left: 2, bottom: 1, right: 0)),
  ]

  @Test(arguments: ConvolutionMethod.allCases, ConvolutionPass.allCases)
  func errorsStayWithinTheBound(method: ConvolutionMethod, pass: ConvolutionPass) throws {
    for item in Self.cases {
      let layer = Conv2D(outputChannels: item.outputs, kernelSize: 3, padding: item.padding, usesBias: false)
      let shape = Shape.image(height: item.size, width: item.size, channels: item.inputs)
      #expect(method.suits(layer, input: shape))
      let probe = ConvolutionProbe(layer, input: shape, images: 3, pass: pass, method: method)
      probe.run(repetitions: 2, team: WorkerTeam(threads: 1))
      let expected = try #require(ConvolutionReference(layer, input: shape, images: 3)).result(of: pass)
      let largest = expected.map(\.magnitude).max() ?? 0
      expectClose(
        probe.result(worker: 0), expected, relativeTo: .values(expected.map { _ in largest }),
        tolerance: Self.bound(method), "\(method), \(pass), \(item)")
    }
  }

  @Test func onlyPlainConvolutionsSuitTheFastMethods() {
    let shape = Shape.image(height: 8, width: 8, channels: 4)
    func suited(_ layer: Conv2D) -> [ConvolutionMethod] {
      ConvolutionMethod.allCases.filter { $0.suits(layer, input: shape) }
    }
    #expect(suited(Conv2D(outputChannels: 4, kernelSize: 3)) == ConvolutionMethod.allCases)
    #expect(suited(Conv2D(outputChannels: 4, kernelSize: 5)) == [.naive, .im2col, .direct])
    for layer in [
      Conv2D(outputChannels: 4, kernelSize: 3, stride: 2), Conv2D(outputChannels: 4, kernelSize: 3, dilation: 2),
      Conv2D(outputChannels: 4, kernelSize: 3, groups: 2),
    ] {
      #expect(suited(layer) == [.naive, .im2col])
    }
  }
}
