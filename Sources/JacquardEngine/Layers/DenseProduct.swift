internal import Support
internal import LinearAlgebra

/// The operator of `Dense`, alone or as a block that includes the activation that follows it.
struct DenseProduct: Operator {
  let inputs: Int
  let outputs: Int
  let usesBias: Bool
  let product: MatrixProduct
  /// 0 for ReLU, 1 for no activation.
  var slope: Float = 1
  /// Whether backward must compute the gradient of the input.
  private(set) var hasInputGradient: Bool
  private let forwardProduct: RowProduct
  private let backwardProduct: RowProduct

  init(
    inputs: Int, outputs: Int, usesBias: Bool, product: MatrixProduct, isTraining: Bool = true,
    hasInputGradient: Bool = true
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.usesBias = usesBias
    self.product = product
    self.hasInputGradient = hasInputGradient
    forwardProduct = RowProduct(
      product, columns: outputs, depth: inputs, isDivisible: true, isTraining: isTraining)
    backwardProduct = RowProduct(product, columns: inputs, depth: outputs, isDivisible: true, isTraining: true)
  }

  /// The same operator for inference, or for training with or without the gradient of the input.
  func limited(isTraining: Bool, hasInputGradient: Bool) -> DenseProduct {
    var dense = DenseProduct(
      inputs: inputs, outputs: outputs, usesBias: usesBias, product: product, isTraining: isTraining,
      hasInputGradient: isTraining && hasInputGradient)
    dense.slope = slope
    return dense
  }

  var retains: Retention { slope == 1 ? .input : [.input, .output] }

  /// The transposed weights, so that the gradient of the input is a plain product too.
  var preparedCount: Int { hasInputGradient ? inputs * outputs : 0 }

  var scratchCount: Int { forwardProduct.scratchCount }

  func prepare(_ pass: borrowing PreparePass) {
    guard hasInputGradient else { return }
    var prepared = pass.prepared
    Kernels.transpose(pass.parameter(0), into: &prepared, rows: inputs, columns: outputs)
  }

  func forward(_ pass: borrowing ForwardPass) {
    var output = pass.output()
    var scratch = pass.scratch(0..<scratchCount)
    forwardProduct.multiply(
      rows: pass.imageCount, pass.input(), stride: inputs, pass.parameter(0), stride: outputs, into: &output,
      stride: outputs, then: Epilogue(bias: usesBias ? pass.parameter(1) : Span(), slope: slope), scratch: &scratch)
  }

  func backward(_ pass: borrowing BackwardPass) {
    if slope != 1 {
      var gradient = pass.changingOutputGradient()
      Kernels.leakyReLUBackward(output: pass.output(), gradient: &gradient, slope: slope)
    }
    var weightGradient = pass.parameterGradient(0)
    // The largest number of terms that needs no allocation.
    let run = product.rowRule.mostRows ?? max(1, pass.imageCount)
    for first in stride(from: 0, to: pass.imageCount, by: run) {
      let images = first..<min(first + run, pass.imageCount)
      product.multiply(
        m: inputs, n: outputs, k: images.count, pass.input().extracting(images.times(inputs)), transposeA: true,
        leadingDimensionA: inputs, pass.outputGradient().extracting(images.times(outputs)), leadingDimensionB: outputs,
        beta: first == 0 ? 0 : 1, into: &weightGradient, leadingDimensionC: outputs)
    }
    if usesBias {
      var biasGradient = pass.parameterGradient(1)
      Kernels.sumRows(pass.outputGradient(), into: &biasGradient, rows: pass.imageCount)
    }
    guard pass.needsInputGradient else { return }
    var inputGradient = pass.inputGradient()
    var scratch = pass.scratch(0..<backwardProduct.scratchCount)
    backwardProduct.multiply(
      rows: pass.imageCount, pass.outputGradient(), stride: outputs, pass.prepared, stride: inputs,
      into: &inputGradient, stride: inputs, then: Epilogue(), scratch: &scratch)
  }
}
