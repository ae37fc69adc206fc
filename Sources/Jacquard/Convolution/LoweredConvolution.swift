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
  private let tile: ProductTile

  init(_ geometry: ConvolutionGeometry, product: MatrixProduct) {
    self.geometry = geometry
    self.product = product
    tile = ProductTile(patchSize: geometry.patchSize, outputs: geometry.groupOutputs)
  }

  var scratchCount: Int { tile.pixels * geometry.patchSize }

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
        for part in parts {
          product.multiply(
            m: pixels.count, n: geometry.groupOutputs, k: part.count,
            scratch.span.extracting(part.lowerBound..<scratch.count), leadingDimensionA: patch,
            weights.extracting(part.lowerBound * outputs + first..<weights.count), leadingDimensionB: outputs,
            beta: part.lowerBound == 0 ? 0 : 1, into: &groupRows, leadingDimensionC: outputs)
        }
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
        for part in parts {
          var columns = scratch.part(part.lowerBound..<scratch.count)
          product.multiply(
            m: pixels.count, n: part.count, k: geometry.groupOutputs,
            outputGradient.extracting(pixels.lowerBound * outputs + first..<pixels.upperBound * outputs),
            leadingDimensionA: outputs, prepared.extracting(first * patch + part.lowerBound..<prepared.count),
            leadingDimensionB: patch, into: &columns, leadingDimensionC: patch)
        }
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
        for part in parts {
          var partGradient = weightGradient.part(part.lowerBound * outputs + first..<weightGradient.count)
          product.multiply(
            m: part.count, n: geometry.groupOutputs, k: pixels.count,
            scratch.span.extracting(part.lowerBound..<scratch.count), transposeA: true, leadingDimensionA: patch,
            outputGradient.extracting(pixels.lowerBound * outputs + first..<pixels.upperBound * outputs),
            leadingDimensionB: outputs, beta: pixels.lowerBound == 0 ? 0 : 1, into: &partGradient,
            leadingDimensionC: outputs)
        }
      }
    }
  }

  /// The parts of the patch, as ranges of its elements.
  private var parts: LazyMapSequence<Range<Int>, Range<Int>> {
    let size = geometry.patchSize / tile.parts
    return (0..<tile.parts).lazy.map { $0 * size..<($0 + 1) * size }
  }

  private func lower(_ input: Span<Float>, _ pixels: Range<Int>, _ group: Int, into columns: inout MutableSpan<Float>) {
    Kernels.lowerPatches(
      geometry.window, input: input, pixels: pixels, channels: geometry.inputChannels(ofGroup: group), into: &columns)
  }

  /// Calls `body` with each tile's pixels.
  private func forEachTile(_ images: Int, _ body: (Range<Int>) -> Void) {
    let count = images * geometry.outputPixels
    for first in stride(from: 0, to: count, by: tile.pixels) { body(first..<min(first + tile.pixels, count)) }
  }
}
