internal import Support
internal import BLAS

/// A 3×3 convolution of stride 1 by Winograd's algorithm F(m × m, 3 × 3), m = 2 or 4: the input's tiles and the weights
/// are transformed, multiplied element by element of a tile (which is one matrix product per element, over tiles and
/// channels), and transformed back (Lavin and Gray 2015).
///
/// Backward runs the same steps the other way round, each by its adjoint, so it shares the transformed gradient between
/// its two halves and needs no padding of its own. F(4 × 4) needs 2.25 multiplications per output where im2col needs 9.
/// Its error is within 1e-5 of the largest result, F(2 × 2)'s within 2e-6.
struct WinogradConvolution: ConvolutionImplementation {
  let geometry: ConvolutionGeometry
  let product: MatrixProduct
  let passes: Set<ConvolutionPass>
  let size: Int
  let inputTiles: WinogradTiles
  let outputTiles: WinogradTiles

  /// Floats of the transformed tiles of a call: a mebibyte, the second-level cache.
  private static let planeFloats = 256 * 1024

  /// Whether the convolution can be computed this way.
  static func suits(_ geometry: ConvolutionGeometry) -> Bool { geometry.isPlain && geometry.window.size == 3 }

  init(_ geometry: ConvolutionGeometry, size: Int, product: MatrixProduct, passes: Set<ConvolutionPass>) {
    require(
      Self.suits(geometry) && (size == 2 || size == 4),
      "WinogradConvolution: a 3×3 convolution of stride 1 and tiles of 2 or 4 are needed")
    self.geometry = geometry
    self.product = product
    self.passes = passes
    self.size = size
    let (input, window) = (geometry.input, geometry.window)
    let rows = (geometry.outputHeight + size - 1) / size
    let columns = (geometry.outputWidth + size - 1) / size
    inputTiles = WinogradTiles(
      size: size, height: input.height, width: input.width, channels: input.channels, stride: input.channels,
      firstRow: -window.padding.top, firstColumn: -window.padding.left, rows: rows, columns: columns)
    outputTiles = WinogradTiles(
      size: size, height: geometry.outputHeight, width: geometry.outputWidth, channels: geometry.outputChannels,
      stride: geometry.outputStride, firstRow: 0, firstColumn: 0, rows: rows, columns: columns)
  }

  /// As many images as keep each product within the bound of the small kernels and the planes within the cache.
  var imagesPerCall: Int {
    let perImage = inputTiles.perImage
    let channels = geometry.input.channels * geometry.outputChannels
    let byProduct = ProductTile.smallProduct / (perImage * channels)
    let byCache = Self.planeFloats / (planes * perImage * (geometry.input.channels + geometry.outputChannels))
    return max(1, min(byProduct, byCache, 16))
  }

  var scratchCount: Int {
    planes * (inputTiles.planeStride(images: imagesPerCall) + outputTiles.planeStride(images: imagesPerCall))
  }
  var accumulatorCount: Int { passes.contains(.backwardWeights) ? planes * weightPlane : 0 }

  /// The transformed weights `[planes][inputs][outputs]` for forward, then `[planes][outputs][inputs]` for backward-data.
  var preparedCount: Int {
    (passes.contains(.forward) ? planes * weightPlane : 0)
      + (passes.contains(.backwardData) ? planes * weightPlane + geometry.weightCount : 0)
  }

  func prepare(weights: Span<Float>, into prepared: inout MutableSpan<Float>) {
    let (inputs, outputs) = (geometry.input.channels, geometry.outputChannels)
    if passes.contains(.forward) {
      var transformed = prepared.part(0..<planes * weightPlane)
      Kernels.winogradWeights(size, weights, count: inputs * outputs, into: &transformed, planeStride: weightPlane)
    }
    guard passes.contains(.backwardData) else { return }
    let first = dataWeights
    prepared.withParts(first + planes * weightPlane) { transformed, turned in
      // Transposed tap by tap, which costs less than transposing the planes.
      for tap in 0..<9 {
        var target = turned.part(tap * inputs * outputs..<(tap + 1) * inputs * outputs)
        Kernels.transpose(
          weights.extracting(tap * inputs * outputs..<(tap + 1) * inputs * outputs), into: &target, rows: inputs,
          columns: outputs)
      }
      var transformed = transformed.part(first..<first + planes * weightPlane)
      Kernels.winogradWeights(size, turned.span, count: inputs * outputs, into: &transformed, planeStride: weightPlane)
    }
  }

  func forward(
    images: Int, input: Span<Float>, weights: Span<Float>, prepared: Span<Float>, epilogue: borrowing Epilogue,
    output: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let (inputStride, outputStride) = planeStrides(images)
    scratch.withParts(planes * inputStride) { inputPlanes, outputPlanes in
      Kernels.winogradInput(inputTiles, input, into: &inputPlanes, planeStride: inputStride, images: images)
      multiply(
        images, inputPlanes.span, geometry.input.channels, inputStride, prepared, into: &outputPlanes,
        geometry.outputChannels, outputStride)
      Kernels.winogradOutput(
        outputTiles, outputPlanes.span, planeStride: outputStride, epilogue: epilogue, into: &output, images: images)
    }
  }

  var planes: Int { inputTiles.planeCount }
  /// Floats from one plane of weights to the next.
  var weightPlane: Int { WinogradTiles.planeStride(geometry.input.channels * geometry.outputChannels) }
  /// Where the weights of backward-data begin in the prepared memory.
  var dataWeights: Int { passes.contains(.forward) ? planes * weightPlane : 0 }

  func planeStrides(_ images: Int) -> (input: Int, output: Int) {
    (inputTiles.planeStride(images: images), outputTiles.planeStride(images: images))
  }

  /// Multiplies each plane of `from` channels by the weights' plane, in runs of rows that stay within the small kernels.
  func multiply(
    _ images: Int, _ planesIn: Span<Float>, _ from: Int, _ strideIn: Int, _ weights: Span<Float>,
    into planesOut: inout MutableSpan<Float>, _ to: Int, _ strideOut: Int
  ) {
    let tiles = images * inputTiles.perImage
    let run = ProductTile.rows(columns: to, depth: from)
    for plane in 0..<planes {
      let weightPlanes = weights.extracting(plane * weightPlane..<plane * weightPlane + from * to)
      for first in stride(from: 0, to: tiles, by: run) {
        let count = min(run, tiles - first)
        let start = plane * strideIn + first * from
        var rows = planesOut.part(plane * strideOut + first * to..<plane * strideOut + (first + count) * to)
        product.multiply(
          m: count, n: to, k: from, planesIn.extracting(start..<start + count * from), leadingDimensionA: from,
          weightPlanes, leadingDimensionB: to, into: &rows, leadingDimensionC: to)
      }
    }
  }
}
