import JacquardEngine

extension Conv2D: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let weights = context["weight"]
    let shape = referenceShape(input)
    var output = ReferenceBatch(shape, from: input, roundings: longestSum(input, to: shape) + 1)
    if usesBias {
      let bias = context["bias"]
      for index in output.values.indices { output.values[index] = bias[index % outputChannels] }
    }
    forEachProduct(input, to: shape) { output.values[$0] += input.values[$1] * weights[$2] }
    return output
  }

  /// `H' = ⌊(H + top + bottom − dilation · (kernel − 1) − 1) / stride⌋ + 1`, and likewise the width.
  func referenceShape(_ input: ReferenceBatch) -> Shape {
    let rows = input.height + padding.top + padding.bottom - dilation.height * (kernelSize.height - 1) - 1
    let columns = input.width + padding.left + padding.right - dilation.width * (kernelSize.width - 1) - 1
    return .image(height: rows / stride.height + 1, width: columns / stride.width + 1, channels: outputChannels)
  }

  /// Calls `body` with the indices of each output, input and weight such that the output has the term input · weight.
  ///
  /// All three passes are sums over these triples.
  func forEachProduct(_ input: ReferenceBatch, to shape: Shape, _ body: (Int, Int, Int) -> Void) {
    let (height, width) = (shape.height, shape.width)
    let (groupInputs, groupOutputs) = (input.channels / groups, outputChannels / groups)
    for image in 0..<input.images {
      for outputRow in 0..<height {
        for outputColumn in 0..<width {
          let outputPixel = (image * height + outputRow) * width + outputColumn
          for kernelRow in 0..<kernelSize.height {
            for kernelColumn in 0..<kernelSize.width {
              let row = outputRow * stride.height - padding.top + kernelRow * dilation.height
              let column = outputColumn * stride.width - padding.left + kernelColumn * dilation.width
              guard input.contains(row: row, column: column) else { continue }
              let tap = kernelRow * kernelSize.width + kernelColumn
              for outputChannel in 0..<outputChannels {
                let firstInput = outputChannel / groupOutputs * groupInputs
                for inputChannel in 0..<groupInputs {
                  body(
                    outputPixel * outputChannels + outputChannel,
                    input.index(image, row, column, firstInput + inputChannel),
                    (tap * groupInputs + inputChannel) * outputChannels + outputChannel)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The largest number of terms of an element of the output or of a gradient.
  private func longestSum(_ input: ReferenceBatch, to shape: Shape) -> Int {
    let taps = kernelSize.height * kernelSize.width
    return max(taps * input.channels / groups, taps * outputChannels / groups, input.images * shape.pixels)
  }
}
