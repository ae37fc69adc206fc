internal import BLAS

/// A convolution lowered to matrix products (im2col), tile by tile.
///
/// A tile is a run of output pixels, numbered across the images of a shard. Forward copies its patches to the rows of
/// a column buffer and multiplies them by the weights; backward-weights multiplies the transposed rows by the
/// gradient; backward-data multiplies the gradient by the transposed weights and adds the rows back to where they
/// came from. The buffer is one tile long, so it stays in the cache.
struct LoweredConvolution: ConvolutionImplementation {
  private let geometry: ConvolutionGeometry
  private let product: MatrixProduct
  private let tile: Int

  init(_ geometry: ConvolutionGeometry, product: MatrixProduct) {
    self.geometry = geometry
    self.product = product
    tile = ProductTile.pixels(patchSize: geometry.patchSize, outputs: geometry.groupOutputs)
  }

  var scratchCount: Int { tile * geometry.patchSize }

  /// The transposed weights, `[outputChannels][patchSize]`.
  var preparedCount: Int { geometry.weightCount }

  func prepare(weights: Span<Float>, into prepared: inout MutableSpan<Float>) {
    Kernels.transpose(weights, into: &prepared, rows: geometry.patchSize, columns: geometry.outputChannels)
  }

  func forward(
    images: Int, input: Span<Float>, weights: Span<Float>, bias: Span<Float>, output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    let (patch, outputs) = (geometry.patchSize, geometry.outputChannels)
    forEachTile(images) { pixels in
      var rows = output.part(pixels.lowerBound * outputs..<pixels.upperBound * outputs)
      for group in 0..<geometry.groups {
        lower(input, pixels, group, into: &scratch)
        let first = group * geometry.groupOutputs
        var groupRows = rows.part(first..<rows.count)
        product.multiply(
          m: pixels.count, n: geometry.groupOutputs, k: patch, scratch.span, leadingDimensionA: patch,
          weights.extracting(first..<weights.count), leadingDimensionB: outputs, into: &groupRows,
          leadingDimensionC: outputs)
      }
      if !bias.isEmpty { Kernels.addBias(bias, to: &rows, rows: pixels.count, stride: outputs) }
    }
  }

  func backwardData(
    images: Int, outputGradient: Span<Float>, weights: Span<Float>, prepared: Span<Float>,
    inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let (patch, outputs) = (geometry.patchSize, geometry.outputChannels)
    Kernels.fill(&inputGradient, with: 0)
    forEachTile(images) { pixels in
      for group in 0..<geometry.groups {
        let first = group * geometry.groupOutputs
        product.multiply(
          m: pixels.count, n: patch, k: geometry.groupOutputs,
          outputGradient.extracting(pixels.lowerBound * outputs + first..<pixels.upperBound * outputs),
          leadingDimensionA: outputs, prepared.extracting(first * patch..<prepared.count), leadingDimensionB: patch,
          into: &scratch, leadingDimensionC: patch)
        Kernels.scatterPatches(
          geometry.window, columns: scratch.span, pixels: pixels, channels: geometry.inputChannels(ofGroup: group),
          into: &inputGradient)
      }
    }
  }

  func backwardWeights(
    images: Int, input: Span<Float>, outputGradient: Span<Float>, weightGradient: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    let (patch, outputs) = (geometry.patchSize, geometry.outputChannels)
    forEachTile(images) { pixels in
      for group in 0..<geometry.groups {
        lower(input, pixels, group, into: &scratch)
        let first = group * geometry.groupOutputs
        var groupGradient = weightGradient.part(first..<weightGradient.count)
        product.multiply(
          m: patch, n: geometry.groupOutputs, k: pixels.count, scratch.span, transposeA: true,
          leadingDimensionA: patch,
          outputGradient.extracting(pixels.lowerBound * outputs + first..<pixels.upperBound * outputs),
          leadingDimensionB: outputs, beta: pixels.lowerBound == 0 ? 0 : 1, into: &groupGradient,
          leadingDimensionC: outputs)
      }
    }
  }

  private func lower(_ input: Span<Float>, _ pixels: Range<Int>, _ group: Int, into columns: inout MutableSpan<Float>) {
    Kernels.lowerPatches(
      geometry.window, input: input, pixels: pixels, channels: geometry.inputChannels(ofGroup: group), into: &columns)
  }

  /// Calls `body` with each tile's pixels.
  private func forEachTile(_ images: Int, _ body: (Range<Int>) -> Void) {
    let count = images * geometry.outputPixels
    for first in stride(from: 0, to: count, by: tile) { body(first..<min(first + tile, count)) }
  }
}
