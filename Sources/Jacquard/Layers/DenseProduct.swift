internal import Support
internal import BLAS

/// The operator of `Dense`, alone or as a block with the activation that follows it.
struct DenseProduct: Operator {
  let inputs: Int
  let outputs: Int
  let usesBias: Bool
  let product: MatrixProduct
  /// 0 for ReLU, 1 for no activation.
  var slope: Float = 1
  /// Whether backward will be asked for the gradient of the input.
  var hasInputGradient = true

  var retains: Retention { slope == 1 ? .input : [.input, .output] }

  /// The transposed weights, so that the gradient of the input is a plain product too.
  var preparedCount: Int { hasInputGradient ? inputs * outputs : 0 }

  func prepare(_ pass: borrowing PreparePass) {
    guard hasInputGradient else { return }
    var prepared = pass.prepared
    Kernels.transpose(pass.parameter(0), into: &prepared, rows: inputs, columns: outputs)
  }

  func forward(_ pass: borrowing ForwardPass) {
    var output = pass.output()
    multiply(pass.imageCount, pass.input(), inputs, pass.parameter(0), into: &output, outputs)
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
    multiply(pass.imageCount, pass.outputGradient(), outputs, pass.prepared, into: &inputGradient, inputs)
  }

  /// to `[images][columns]` ← from `[images][depth]` · matrix, in products that all stay within the small kernels, so that an
  /// image's result does not depend on how many it is computed with (`ProductCut` says where it does).
  private func multiply(
    _ images: Int, _ from: Span<Float>, _ depth: Int, _ matrix: Span<Float>, into to: inout MutableSpan<Float>,
    _ columns: Int
  ) {
    let cut = ProductCut(columns: columns, depth: depth)
    for first in stride(from: 0, to: images, by: cut.rows) {
      let rows = first..<min(first + cut.rows, images)
      for column in stride(from: 0, to: columns, by: cut.columns) {
        var target = to.part(rows.lowerBound * columns + column..<rows.upperBound * columns)
        for term in stride(from: 0, to: depth, by: cut.depth) {
          product.multiply(
            m: rows.count, n: min(cut.columns, columns - column), k: min(cut.depth, depth - term),
            from.extracting(rows.lowerBound * depth + term..<rows.upperBound * depth), leadingDimensionA: depth,
            matrix.extracting(term * columns + column..<matrix.count), leadingDimensionB: columns,
            beta: term == 0 ? 0 : 1, into: &target, leadingDimensionC: columns)
        }
      }
    }
  }
}
