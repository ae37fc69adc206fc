/// The operator of `Conv2D`, whatever the algorithm.
struct Convolution: Operator {
  private let implementation: any ConvolutionImplementation
  private let usesBias: Bool

  init(geometry: ConvolutionGeometry, usesBias: Bool, options: ComputeOptions) {
    implementation = options.algorithm.implementation(geometry, product: options.product)
    self.usesBias = usesBias
  }

  var retains: Retention { .input }
  var scratchCount: Int { implementation.scratchCount }
  var preparedCount: Int { implementation.preparedCount }

  func prepare(_ pass: borrowing PreparePass) {
    var prepared = pass.prepared
    implementation.prepare(weights: pass.parameter(0), into: &prepared)
  }

  func forward(_ pass: borrowing ForwardPass) {
    var output = pass.output()
    var scratch = pass.scratch(0..<scratchCount)
    implementation.forward(
      images: pass.imageCount, input: pass.input(), weights: pass.parameter(0),
      bias: usesBias ? pass.parameter(1) : Span(), output: &output, scratch: &scratch)
  }

  func backward(_ pass: borrowing BackwardPass) {
    var scratch = pass.scratch(0..<scratchCount)
    var weightGradient = pass.parameterGradient(0)
    implementation.backwardWeights(
      images: pass.imageCount, input: pass.input(), outputGradient: pass.outputGradient(),
      weightGradient: &weightGradient, scratch: &scratch)
    if usesBias {
      var biasGradient = pass.parameterGradient(1)
      let outputChannels = biasGradient.count
      Kernels.sumRows(
        pass.outputGradient(), into: &biasGradient, rows: pass.outputGradient().count / outputChannels)
    }
    guard pass.needsInputGradient else { return }
    var inputGradient = pass.inputGradient()
    implementation.backwardData(
      images: pass.imageCount, outputGradient: pass.outputGradient(), weights: pass.parameter(0),
      prepared: pass.prepared, inputGradient: &inputGradient, scratch: &scratch)
  }
}
