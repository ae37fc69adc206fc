internal import Support
internal import BLAS
internal import Samples

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
  /// What multiplies the tiles of a plane by its weights, on the way forward and backward.
  let forwardProduct: RowProduct
  let dataProduct: RowProduct

  /// Floats of the transformed tiles of a call: a mebibyte, the second-level cache.
  private static let planeFloats = 256 * 1024
  /// Multiply-adds of a product: as many as small kernels take.
  private static let productSize = OpenBLASRows.smallProduct

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
    let (inputs, outputs) = (input.channels, geometry.outputChannels)
    forwardProduct = RowProduct(product, columns: outputs, depth: inputs, isTraining: passes != [.forward])
    dataProduct = RowProduct(product, columns: inputs, depth: outputs, isTraining: true)
  }

  /// As many images as keep each product within the bound of the small kernels and the planes within the cache.
  var imagesPerCall: Int {
    let perImage = inputTiles.perImage
    let channels = geometry.input.channels * geometry.outputChannels
    let unit = forwardProduct.cut.unit
    // The portable product has no such bound.
    let byProduct = product == .portable ? 16 : Self.productSize / channels / unit * unit / perImage
    let byCache = Self.planeFloats / (planes * perImage * (geometry.input.channels + geometry.outputChannels))
    return max(1, min(byProduct, byCache, 16))
  }

  var scratchCount: Int {
    let strides = planeStrides(imagesPerCall)
    return planes * (strides.input + strides.output)
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
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    let (inputStride, outputStride) = planeStrides(call.images)
    scratch.withParts(planes * inputStride) { inputPlanes, outputPlanes in
      Kernels.winogradInput(inputTiles, call.input, into: &inputPlanes, planeStride: inputStride, images: call.images)
      multiply(
        call.images, forwardProduct, inputPlanes.span, geometry.input.channels, inputStride, call.prepared,
        into: &outputPlanes,
        geometry.outputChannels, outputStride)
      Kernels.winogradOutput(
        outputTiles, outputPlanes.span, planeStride: outputStride, epilogue: epilogue, into: &output,
        images: call.images)
    }
  }

  var planes: Int { inputTiles.planeCount }
  /// Floats from one plane of weights to the next.
  var weightPlane: Int { WinogradTiles.planeStride(geometry.input.channels * geometry.outputChannels) }
  /// Where the weights of backward-data begin in the prepared memory.
  var dataWeights: Int { passes.contains(.forward) ? planes * weightPlane : 0 }

  /// Floats from plane to plane for `images` images, with the rows that fill the last unit of a product up.
  func planeStrides(_ images: Int) -> (input: Int, output: Int) {
    let rows = forwardProduct.cut.filled(images * inputTiles.perImage)
    return (
      WinogradTiles.planeStride(rows * geometry.input.channels),
      WinogradTiles.planeStride(rows * geometry.outputChannels)
    )
  }

  /// Multiplies each plane of `from` channels by the weights' plane. Rows that fill a unit up hold what was there before.
  func multiply(
    _ images: Int, _ product: RowProduct, _ planesIn: Span<Float>, _ from: Int, _ strideIn: Int,
    _ weights: Span<Float>, into planesOut: inout MutableSpan<Float>, _ to: Int, _ strideOut: Int
  ) {
    let rows = product.cut.filled(images * inputTiles.perImage)
    var none = MutableSpan<Float>()
    for plane in 0..<planes {
      let (start, target) = (plane * strideIn, plane * strideOut)
      var products = planesOut.part(target..<target + rows * to)
      product.multiply(
        rows: rows, planesIn.extracting(start..<start + rows * from), stride: from,
        weights.extracting(plane * weightPlane..<plane * weightPlane + from * to), stride: to, into: &products,
        stride: to, then: Epilogue(), scratch: &none)
    }
  }
}
