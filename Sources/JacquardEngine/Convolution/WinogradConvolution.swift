internal import Support
internal import LinearAlgebra
internal import Samples

/// A 3×3 convolution of stride 1 by Winograd's algorithm F(m × m, 3 × 3), m = 2 or 4: the input's tiles and the weights
/// are transformed, multiplied element by element of a tile (which is one matrix product per element, over tiles and
/// channels), and transformed back (Lavin and Gray 2015).
///
/// Backward runs the adjoint of each step in reverse order. So its two passes share the transformed gradient, and it needs no extra padding. F(4 × 4)
/// needs 2.25 multiplications per output, im2col needs 9. The error of F(4 × 4) is within 1e-5 of the largest result, that of F(2 × 2) within 2e-6.
struct WinogradConvolution: ConvolutionImplementation {
  let geometry: ConvolutionGeometry
  let product: MatrixProduct
  let passes: Set<ConvolutionPass>
  let size: Int
  let inputTiles: WinogradTiles
  let outputTiles: WinogradTiles
  /// Rows of tiles processed at once: those of a whole image, or for a large image as many as the cache holds.
  let bandRows: Int
  /// Multiplies the tiles of a plane by its weights, forward and backward.
  let forwardProduct: RowProduct
  let dataProduct: RowProduct

  /// Floats of the transformed tiles of a call: 1 MiB, the size of the second-level cache.
  private static let planeFloats = 256 * 1024
  /// Multiply-adds of a product: the most that small kernels take.
  private static let productSize = OpenBLASRows.smallProduct

  /// Whether this method can compute the convolution.
  static func suits(_ geometry: ConvolutionGeometry) -> Bool { geometry.isPlain && geometry.window.size == 3 }

  init(_ geometry: ConvolutionGeometry, size: Int, product: MatrixProduct, passes: Set<ConvolutionPass>) {
    require(
      Self.suits(geometry) && (size == 2 || size == 4),
      "WinogradConvolution: needs a 3×3 convolution of stride 1 and tiles of 2 or 4")
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
    let perRow = inputTiles.planeCount * columns * (inputs + outputs)
    let bands = (rows * perRow + Self.planeFloats - 1) / Self.planeFloats
    bandRows = (rows + bands - 1) / bands
    forwardProduct = RowProduct(
      product, columns: outputs, depth: inputs, isTraining: passes != [.forward], isPackable: true)
    dataProduct = RowProduct(product, columns: inputs, depth: outputs, isTraining: true, isPackable: true)
  }

  /// As many images as keep each product within the bound of the small kernels and the planes within the cache. For a deep layer, whose weights
  /// exceed every cache: as many as make the planes as large as the weights, so that the weights are read less often.
  var imagesPerCall: Int {
    let perImage = inputTiles.perImage
    let channels = geometry.input.channels * geometry.outputChannels
    if hasManyWeights {
      return max(1, min(64, channels / (perImage * (geometry.input.channels + geometry.outputChannels))))
    }
    let unit = forwardProduct.cut.unit
    // The portable product has no such bound.
    let byProduct = product == .portable ? 16 : Self.productSize / channels / unit * unit / perImage
    let byCache = Self.planeFloats / (planes * perImage * (geometry.input.channels + geometry.outputChannels))
    return max(1, min(byProduct, byCache, 16))
  }

  /// Whether the planes of the weights, 4 MiB or more, take longer to read than to multiply by the tiles of a few images.
  var hasManyWeights: Bool { planes * geometry.input.channels * geometry.outputChannels >= 1 << 20 }

  var scratchCount: Int {
    let strides = planeStrides(tiles: imagesPerCall * bandRows * inputTiles.columns)
    return planes * (strides.input + strides.output)
  }
  var accumulatorCount: Int { passes.contains(.backwardWeights) ? planes * weightPlane : 0 }

  /// The transformed weights `[planes][inputs][outputs]` for forward, then `[planes][outputs][inputs]` for backward-data, or in the
  /// order of packed products; and the weights in the order in which they are transformed.
  var preparedCount: Int {
    (passes.contains(.forward) ? planes * weightPlane : 0)
      + (passes.contains(.backwardData) ? planes * weightPlane : 0) + 9 * orderedCount
  }

  /// Elements of each tap in a different order from that of the weights; 0 if the order is the same.
  private var orderedCount: Int {
    max(
      passes.contains(.forward) && forwardProduct.isPacked ? forwardProduct.matrixCount : 0,
      passes.contains(.backwardData) ? dataProduct.matrixCount : 0)
  }

  func prepare(weights: Span<Float>, into prepared: inout MutableSpan<Float>) {
    let (inputs, outputs) = (geometry.input.channels, geometry.outputChannels)
    prepared.withParts(prepared.count - 9 * orderedCount) { planes, ordered in
      // Transforms work element by element, so the taps are brought into the products' order first.
      if passes.contains(.forward) {
        if forwardProduct.isPacked {
          orderTaps(of: weights, for: forwardProduct, into: &ordered) { tap, target in
            forwardProduct.pack(tap, stride: outputs, into: &target)
          }
          transform(ordered.span, forwardProduct, at: 0, into: &planes)
        } else {
          transform(weights, forwardProduct, at: 0, into: &planes)
        }
      }
      guard passes.contains(.backwardData) else { return }
      orderTaps(of: weights, for: dataProduct, into: &ordered) { tap, target in
        if dataProduct.isPacked {
          dataProduct.pack(tap, stride: outputs, isTransposed: true, into: &target)
        } else {
          Kernels.transpose(tap, into: &target, rows: inputs, columns: outputs)
        }
      }
      transform(ordered.span, dataProduct, at: dataWeights, into: &planes)
    }
  }

  /// Passes each tap of the weights to `order`, with its place among the reordered taps.
  private func orderTaps(
    of weights: Span<Float>, for product: RowProduct, into ordered: inout MutableSpan<Float>,
    _ order: (_ tap: Span<Float>, _ target: inout MutableSpan<Float>) -> Void
  ) {
    let count = geometry.input.channels * geometry.outputChannels
    let size = product.matrixCount
    for tap in 0..<9 {
      var target = ordered.part(tap * size..<(tap + 1) * size)
      order(weights.extracting(tap * count..<(tap + 1) * count), &target)
    }
  }

  /// Transforms the weights of a product; all taps are the same distance apart.
  private func transform(
    _ taps: Span<Float>, _ product: RowProduct, at first: Int, into planes: inout MutableSpan<Float>
  ) {
    var transformed = planes.part(first..<first + self.planes * weightPlane)
    Kernels.winogradWeights(size, taps, count: product.matrixCount, into: &transformed, planeStride: weightPlane)
  }

  func forward(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    for rows in bands {
      let band = band(rows, of: call.images)
      scratch.withParts(planes * band.inputStride) { inputPlanes, outputPlanes in
        Kernels.winogradInput(
          band.input, call.input, into: &inputPlanes, planeStride: band.inputStride, images: call.images)
        for plane in 0..<planes {
          var products = outputPlanes.part(plane * band.outputStride..<(plane + 1) * band.outputStride)
          multiply(
            band, forwardProduct,
            inputPlanes.span.extracting(plane * band.inputStride..<(plane + 1) * band.inputStride),
            geometry.input.channels, weights(plane: plane, isData: false, of: call.prepared), into: &products,
            geometry.outputChannels)
        }
        Kernels.winogradOutput(
          band.output, outputPlanes.span, planeStride: band.outputStride, epilogue: epilogue, into: &output,
          images: call.images)
      }
    }
  }

  /// Rows of tiles of some images that are processed at once, with the offsets of their planes.
  struct Band {
    let input: WinogradTiles
    let output: WinogradTiles
    /// Tiles of all images.
    let tiles: Int
    let inputStride: Int
    let outputStride: Int
    let isFirst: Bool
  }

  /// The rows of tiles of each band, from top to bottom.
  var bands: Runs { Runs(of: bandRows, count: inputTiles.rows) }

  /// A band of `images` images.
  func band(_ rows: Range<Int>, of images: Int) -> Band {
    let tiles = images * rows.count * inputTiles.columns
    let strides = planeStrides(tiles: tiles)
    return Band(
      input: inputTiles.rows(rows), output: outputTiles.rows(rows), tiles: tiles, inputStride: strides.input,
      outputStride: strides.output, isFirst: rows.lowerBound == 0)
  }

  /// The tiles of a whole batch as one band.
  func allTiles(of images: Int) -> Band { band(0..<inputTiles.rows, of: images) }

  /// A plane of the weights that `prepare` transformed for forward or backward-data.
  @_lifetime(copy prepared)
  func weights(plane: Int, isData: Bool, of prepared: Span<Float>) -> Span<Float> {
    let first = (isData ? dataWeights : 0) + plane * weightPlane
    return prepared.extracting(first..<first + (isData ? dataProduct : forwardProduct).matrixCount)
  }

  var planes: Int { inputTiles.planeCount }
  /// Floats from one plane of weights to the next.
  var weightPlane: Int {
    WinogradTiles.planeStride(
      max(geometry.input.channels * geometry.outputChannels, forwardProduct.matrixCount, dataProduct.matrixCount))
  }
  /// The offset of the weights of backward-data in the prepared memory.
  var dataWeights: Int { passes.contains(.forward) ? planes * weightPlane : 0 }

  /// Floats from plane to plane for a number of tiles, including the rows that fill up the last unit of a product.
  private func planeStrides(tiles: Int) -> (input: Int, output: Int) {
    let rows = forwardProduct.cut.filled(tiles)
    return (
      WinogradTiles.planeStride(rows * geometry.input.channels),
      WinogradTiles.planeStride(rows * geometry.outputChannels)
    )
  }

  /// Multiplies a plane of a band, `from` channels of each tile, by a plane of the weights. Rows that fill up a unit keep their previous values.
  func multiply(
    _ band: Band, _ product: RowProduct, _ tiles: Span<Float>, _ from: Int, _ weights: Span<Float>,
    into products: inout MutableSpan<Float>, _ to: Int
  ) {
    var none = MutableSpan<Float>()
    product.multiply(
      rows: product.cut.filled(band.tiles), tiles, stride: from, weights, stride: to, into: &products, stride: to,
      then: Epilogue(), scratch: &none)
  }
}
