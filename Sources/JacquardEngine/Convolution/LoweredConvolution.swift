internal import Support
internal import LinearAlgebra

/// A convolution lowered to matrix products (im2col), tile by tile.
///
/// A tile is a run of output pixels, numbered across the images of a shard. Forward copies the patches of a tile to the rows of a column buffer and
/// multiplies them by the weights. Backward-weights multiplies the transposed rows by the gradient. Backward-data multiplies the gradient by the
/// transposed weights and adds the rows back to the pixels that they came from. The buffer holds one tile, so it stays in the cache. If a patch is
/// one pixel (1×1, stride 1), the input itself is the matrix of patches and nothing is copied.
struct LoweredConvolution: ConvolutionImplementation {
  private let geometry: ConvolutionGeometry
  private let product: MatrixProduct
  private let tile: ProductTile
  private let passes: Set<ConvolutionPass>
  /// Multiplies a part of the patches by its weights.
  private let partProduct: RowProduct
  /// Multiplies the gradient by the transposed weights of a group.
  private let dataProduct: RowProduct

  init(_ geometry: ConvolutionGeometry, product: MatrixProduct, passes: Set<ConvolutionPass>) {
    self.geometry = geometry
    self.product = product
    self.passes = passes
    tile = ProductTile(patchSize: geometry.patchSize, outputs: geometry.groupOutputs, rule: product.rowRule)
    // Weights are packed only if the patch is not cut.
    let isWhole = geometry.groups == 1 && tile.parts == 1
    partProduct = RowProduct(
      product, columns: geometry.groupOutputs, depth: geometry.patchSize / tile.parts,
      isTraining: passes != [.forward], isPackable: isWhole)
    dataProduct = RowProduct(
      product, columns: geometry.patchSize, depth: geometry.groupOutputs, isTraining: true, isPackable: isWhole)
  }

  var imagesPerCall: Int { .max }
  /// Output pixels that are multiplied at once.
  var pixelsPerTile: Int { tile.pixels }
  private var columnCount: Int { geometry.isPointwise ? 0 : tile.pixels * geometry.patchSize }
  var scratchCount: Int { columnCount + partProduct.scratchCount }
  var accumulatorCount: Int { 0 }

  /// The weights, packed if the product takes packed ones, then the transposed weights, `[outputChannels][patchSize]` or packed.
  var preparedCount: Int { transposedStart + (passes.contains(.backwardData) ? transposedCount : 0) }

  private var transposedStart: Int {
    passes.contains(.forward) && partProduct.isPacked ? (partProduct.matrixCount + 15) / 16 * 16 : 0
  }
  private var transposedCount: Int { dataProduct.isPacked ? dataProduct.matrixCount : geometry.weightCount }

  func prepare(weights: Span<Float>, into prepared: inout MutableSpan<Float>) {
    let outputs = geometry.outputChannels
    prepared.withParts(transposedStart) { packed, transposed in
      if !packed.isEmpty { partProduct.pack(weights, stride: outputs, into: &packed) }
      guard passes.contains(.backwardData) else { return }
      if dataProduct.isPacked {
        dataProduct.pack(weights, stride: outputs, isTransposed: true, into: &transposed)
      } else {
        Kernels.transpose(weights, into: &transposed, rows: geometry.patchSize, columns: outputs)
      }
    }
  }

  /// The transposed weights that `prepare` wrote.
  @_lifetime(copy prepared)
  private func transposed(_ prepared: Span<Float>) -> Span<Float> {
    prepared.extracting(transposedStart..<prepared.count)
  }

  func forward(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    scratch.withParts(columnCount) { columns, rest in
      forEachTile(call.images) { pixels in
        if geometry.isPointwise {
          return multiply(
            patches(call.input, pixels), call, pixels, group: 0, epilogue: epilogue, into: &output, scratch: &rest)
        }
        for group in 0..<geometry.groups {
          lower(call.input, pixels, group, into: &columns)
          multiply(columns.span, call, pixels, group: group, epilogue: epilogue, into: &output, scratch: &rest)
        }
      }
    }
  }

  /// Computes the outputs of some pixels in a group from their patches.
  func multiply(
    _ patches: Span<Float>, _ call: borrowing ConvolutionCall, _ pixels: Range<Int>, group: Int,
    epilogue: borrowing Epilogue, into output: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let (patch, outputs, stride) = (geometry.patchSize, geometry.outputChannels, geometry.outputStride)
    let first = group * geometry.groupOutputs
    var rows = output.part(pixels.lowerBound * stride + first..<pixels.upperBound * stride)
    for part in parts {
      let isLast = part.upperBound == patch
      let bias =
        isLast && !epilogue.bias.isEmpty ? epilogue.bias.extracting(first..<first + geometry.groupOutputs) : Span()
      partProduct.multiply(
        rows: pixels.count, patches.extracting(part.lowerBound..<patches.count), stride: patch,
        matrix(call, from: part.lowerBound * outputs + first), stride: outputs, isAdded: part.lowerBound > 0,
        into: &rows, stride: stride,
        then: Epilogue(bias: bias, slope: isLast ? epilogue.slope : 1), scratch: &scratch)
    }
  }

  /// The packed weights, or the weights from an element on.
  @_lifetime(copy call)
  private func matrix(_ call: borrowing ConvolutionCall, from element: Int) -> Span<Float> {
    if partProduct.isPacked { return call.prepared }
    return call.weights.extracting(element..<call.weights.count)
  }

  /// The product can pool only whole patches.
  var pools: Bool { partProduct.product.pools && tile.parts == 1 && tile.pixels >= 4 && !geometry.isPointwise }

  func forwardAndPool(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    choices: inout MutableSpan<UInt8>, scratch: inout MutableSpan<Float>
  ) {
    let (patch, outputs) = (geometry.patchSize, geometry.outputChannels)
    let count = call.images * (geometry.outputHeight / 2) * (geometry.outputWidth / 2)
    let most = min(tile.pixels, MatrixProduct.portableRows) / 4
    for start in Swift.stride(from: 0, to: count, by: most) {
      let windows = start..<min(start + most, count)
      for group in 0..<geometry.groups {
        Kernels.lowerWindows(
          geometry.window, input: call.input, windows: windows, channels: geometry.inputChannels(ofGroup: group),
          into: &scratch)
        let first = group * geometry.groupOutputs
        let place = windows.lowerBound * outputs + first..<windows.upperBound * outputs
        var greatest = output.part(place)
        var places = choices.part(place)
        let bias = epilogue.bias.isEmpty ? Span() : epilogue.bias.extracting(first..<first + geometry.groupOutputs)
        partProduct.product.multiplyAndPool(
          m: 4 * windows.count, n: geometry.groupOutputs, k: patch, scratch.span, leadingDimensionA: patch,
          call.weights.extracting(first..<call.weights.count), leadingDimensionB: outputs, into: &greatest,
          choices: &places,
          leadingDimensionC: outputs, then: Epilogue(bias: bias, slope: epilogue.slope))
      }
    }
  }

  func backwardData(
    _ call: borrowing ConvolutionCall, inputGradient: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    let patch = geometry.patchSize
    if geometry.isPointwise {
      return forEachTile(call.images) { pixels in
        var rows = inputGradient.part(pixels.lowerBound * patch..<pixels.upperBound * patch)
        multiplyGradient(call, pixels, group: 0, into: &rows)
      }
    }
    Kernels.fill(&inputGradient, with: 0)
    forEachTile(call.images) { pixels in
      for group in 0..<geometry.groups {
        multiplyGradient(call, pixels, group: group, into: &scratch)
        Kernels.scatterPatches(
          geometry.window, columns: scratch.span, pixels: pixels, channels: geometry.inputChannels(ofGroup: group),
          into: &inputGradient)
      }
    }
  }

  /// patches ← the gradient of some pixels times the transposed weights of a group, one row `[patchSize]` per pixel
  private func multiplyGradient(
    _ call: borrowing ConvolutionCall, _ pixels: Range<Int>, group: Int, into patches: inout MutableSpan<Float>
  ) {
    let (patch, stride) = (geometry.patchSize, geometry.outputStride)
    let first = group * geometry.groupOutputs
    let transposed = transposed(call.prepared)
    if dataProduct.isPacked {
      var none = MutableSpan<Float>()
      return dataProduct.multiply(
        rows: pixels.count, call.outputGradient.extracting(pixels.lowerBound * stride..<pixels.upperBound * stride),
        stride: stride, transposed, stride: patch, into: &patches, stride: patch, then: Epilogue(), scratch: &none)
    }
    for part in parts {
      var columns = patches.part(part.lowerBound..<patches.count)
      product.multiply(
        m: pixels.count, n: part.count, k: geometry.groupOutputs,
        call.outputGradient.extracting(pixels.lowerBound * stride + first..<pixels.upperBound * stride),
        leadingDimensionA: stride, transposed.extracting(first * patch + part.lowerBound..<transposed.count),
        leadingDimensionB: patch, into: &columns, leadingDimensionC: patch)
    }
  }

  func backwardWeights(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    accumulators: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    forEachTile(call.images) { pixels in
      if geometry.isPointwise {
        return addGradient(patches(call.input, pixels), call, pixels, group: 0, into: &weightGradient)
      }
      for group in 0..<geometry.groups {
        lower(call.input, pixels, group, into: &scratch)
        addGradient(scratch.span, call, pixels, group: group, into: &weightGradient)
      }
    }
  }

  /// Adds the products of some pixels' patches and gradients to the gradient of a group's weights.
  private func addGradient(
    _ patches: Span<Float>, _ call: borrowing ConvolutionCall, _ pixels: Range<Int>, group: Int,
    into weightGradient: inout MutableSpan<Float>
  ) {
    let (patch, outputs, stride) = (geometry.patchSize, geometry.outputChannels, geometry.outputStride)
    let first = group * geometry.groupOutputs
    for part in parts {
      var partGradient = weightGradient.part(part.lowerBound * outputs + first..<weightGradient.count)
      product.multiply(
        m: part.count, n: geometry.groupOutputs, k: pixels.count,
        patches.extracting(part.lowerBound..<patches.count), transposeA: true, leadingDimensionA: patch,
        call.outputGradient.extracting(pixels.lowerBound * stride + first..<pixels.upperBound * stride),
        leadingDimensionB: stride, beta: call.isFirst && pixels.lowerBound == 0 ? 0 : 1, into: &partGradient,
        leadingDimensionC: outputs)
    }
  }

  /// The patches of some pixels if each is one pixel: the input itself.
  @_lifetime(copy input)
  private func patches(_ input: Span<Float>, _ pixels: Range<Int>) -> Span<Float> {
    input.extracting(pixels.lowerBound * geometry.patchSize..<pixels.upperBound * geometry.patchSize)
  }

  /// The parts of the patch, as ranges of its elements.
  private var parts: Runs { Runs(of: geometry.patchSize / tile.parts, count: geometry.patchSize) }

  private func lower(_ input: Span<Float>, _ pixels: Range<Int>, _ group: Int, into columns: inout MutableSpan<Float>) {
    Kernels.lowerPatches(
      geometry.window, input: input, pixels: pixels, channels: geometry.inputChannels(ofGroup: group), into: &columns)
  }

  /// Calls `body` with the pixels of each tile.
  private func forEachTile(_ images: Int, _ body: (Range<Int>) -> Void) {
    let count = images * geometry.outputPixels
    for first in stride(from: 0, to: count, by: tile.pixels) { body(first..<min(first + tile.pixels, count)) }
  }
}
