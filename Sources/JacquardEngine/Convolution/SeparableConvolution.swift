internal import LinearAlgebra
internal import Support

/// A depthwise convolution and the 1×1 convolution that follows it, in inference, computed a few rows at a time.
///
/// The rows of the depthwise convolution stay in the cache until they are multiplied. Its whole output, often the largest activation of a network,
/// never exists. (Depthwise-separable convolutions: Howard et al., 2017.)
struct SeparableConvolution: Operator {
  private let depthwise: Convolution
  private let pointwise: Convolution
  private let product: LoweredConvolution
  /// Output rows that are computed at once.
  private let rowsPerTile: Int

  /// Nil if the two blocks are no such pair, or the user chose another algorithm for one of them.
  ///
  /// - Parameters:
  ///   - parameterCount: The number of parameters of the first block.
  ///   - stateCount: The number of its states.
  init?(_ depthwise: Convolution, _ pointwise: Convolution, parameterCount: Int, stateCount: Int) {
    guard
      depthwise.geometry.isDepthwise, depthwise.convolution.method(.forward) == .direct, pointwise.geometry.isPointwise,
      let product = pointwise.convolution.lowered,
      [depthwise, pointwise].allSatisfy({ !$0.trainsNorm && $0.pool == nil && !$0.isSpread })
    else { return nil }
    var placed = pointwise
    placed.place = (parameterCount, stateCount, (depthwise.preparedCount + 15) / 16 * 16)
    self.depthwise = depthwise
    self.pointwise = placed
    self.product = product
    rowsPerTile = max(1, product.pixelsPerTile / depthwise.geometry.outputWidth)
  }

  private var columnCount: Int { rowsPerTile * depthwise.geometry.outputWidth * depthwise.geometry.outputChannels }
  var scratchCount: Int { (columnCount + 15) / 16 * 16 + product.scratchCount }
  var preparedCount: Int { pointwise.place.prepared + pointwise.preparedCount }

  func prepare(_ pass: borrowing PreparePass) {
    depthwise.prepare(pass)
    pointwise.prepare(pass)
  }

  func forward(_ pass: borrowing ForwardPass) {
    let (images, width) = (pass.imageCount, depthwise.geometry.outputWidth)
    let call = ConvolutionCall(
      images: 0..<images, of: images, input: Span(), outputGradient: Span(), weights: pointwise.weights(pass),
      prepared: pass.prepared.extracting(pointwise.methodsPrepared))
    var output = pass.output()
    var scratch = pass.scratch(0..<scratchCount)
    scratch.withParts((columnCount + 15) / 16 * 16) { columns, rest in
      for rows in Runs(of: rowsPerTile, count: images * depthwise.geometry.outputHeight) {
        Kernels.depthwiseForward(
          depthwise.geometry.window, input: pass.input(), weights: depthwise.weights(pass),
          epilogue: Epilogue(bias: depthwise.bias(pass), slope: depthwise.slope), output: &columns, rows: rows)
        product.multiply(
          columns.span, call, rows.times(width), group: 0,
          epilogue: Epilogue(bias: pointwise.bias(pass), slope: pointwise.slope), into: &output, scratch: &rest)
      }
    }
  }

  func backward(_ pass: borrowing BackwardPass) {
    failPrecondition("SeparableConvolution: computes inference only")
  }
}
