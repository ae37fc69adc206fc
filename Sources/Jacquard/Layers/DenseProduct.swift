internal import BLAS

/// The operator of `Dense`, alone or as a block with the activation that follows it.
struct DenseProduct: Operator {
  let inputs: Int
  let outputs: Int
  let usesBias: Bool
  let product: MatrixProduct
  /// 0 for ReLU, 1 for no activation.
  var slope: Float = 1

  var retains: Retention { slope == 1 ? .input : [.input, .output] }

  /// The transposed weights, so that the gradient of the input is a plain product too.
  var preparedCount: Int { inputs * outputs }

  func prepare(_ pass: borrowing PreparePass) {
    var prepared = pass.prepared
    Kernels.transpose(pass.parameter(0), into: &prepared, rows: inputs, columns: outputs)
  }

  func forward(_ pass: borrowing ForwardPass) {
    var output = pass.output()
    product.multiply(
      m: pass.imageCount, n: outputs, k: inputs, pass.input(), leadingDimensionA: inputs, pass.parameter(0),
      leadingDimensionB: outputs, into: &output, leadingDimensionC: outputs)
    let epilogue = Epilogue(bias: usesBias ? pass.parameter(1) : Span(), slope: slope)
    Kernels.finishRows(&output, epilogue, rows: pass.imageCount, columns: outputs, stride: outputs)
  }

  func backward(_ pass: borrowing BackwardPass) {
    if slope != 1 {
      var gradient = pass.changingOutputGradient()
      Kernels.leakyReLUBackward(output: pass.output(), gradient: &gradient, slope: slope)
    }
    var weightGradient = pass.parameterGradient(0)
    product.multiply(
      m: inputs, n: outputs, k: pass.imageCount, pass.input(), transposeA: true, leadingDimensionA: inputs,
      pass.outputGradient(), leadingDimensionB: outputs, into: &weightGradient, leadingDimensionC: outputs)
    if usesBias {
      var biasGradient = pass.parameterGradient(1)
      Kernels.sumRows(pass.outputGradient(), into: &biasGradient, rows: pass.imageCount)
    }
    guard pass.needsInputGradient else { return }
    var inputGradient = pass.inputGradient()
    product.multiply(
      m: pass.imageCount, n: inputs, k: outputs, pass.outputGradient(), leadingDimensionA: outputs, pass.prepared,
      leadingDimensionB: inputs, into: &inputGradient, leadingDimensionC: inputs)
  }
}
