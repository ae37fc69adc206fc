internal import LinearAlgebra
internal import Support
internal import VectorKernels

/// One side of Winograd's convolution: images cut into tiles, and the planes that hold the transformed tiles.
struct WinogradTiles: Hashable, Sendable {
  /// Output pixels of a tile's side: 2 or 4.
  let size: Int
  let height: Int
  let width: Int
  let channels: Int
  /// Floats from pixel to pixel.
  let stride: Int
  /// The origin of the first tile; negative if the image is padded.
  let firstRow: Int
  let firstColumn: Int
  let rows: Int
  let columns: Int

  var perImage: Int { rows * columns }
  var planeCount: Int { (size + 2) * (size + 2) }

  /// Some rows of the tiles.
  func rows(_ part: Range<Int>) -> WinogradTiles {
    WinogradTiles(
      size: size, height: height, width: width, channels: channels, stride: stride,
      firstRow: firstRow + size * part.lowerBound, firstColumn: firstColumn, rows: part.count, columns: columns)
  }

  /// Floats from one plane of `floats` floats to the next: an odd number of cache lines, so that the planes of a tile do not compete for the same
  /// cache sets.
  static func planeStride(_ floats: Int) -> Int { ((floats + 15) / 16 | 1) * 16 }

  fileprivate func kernel(planeStride: Int) -> vk_tiles {
    vk_tiles(
      height: height, width: width, channels: channels, stride: stride, firstRow: firstRow, firstColumn: firstColumn,
      rows: rows, columns: columns, plane: planeStride)
  }

  fileprivate func check(pixels: Int, planes: Int, planeStride: Int, images: Int) {
    require(planeStride >= images * perImage * channels, "WinogradTiles: \(images) images do not fit into a plane")
    Kernels.requireCount(
      pixels, holds: images == 0 ? 0 : (images * height * width - 1) * stride + channels, "WinogradTiles pixels")
    Kernels.requireCount(
      planes, holds: images == 0 ? 0 : (planeCount - 1) * planeStride + images * perImage * channels,
      "WinogradTiles planes")
  }
}

extension Kernels {
  /// planes ← G w Gᵀ of `count` kernels, `weights [9][count]`
  static func winogradWeights(
    _ size: Int, _ weights: Span<Float>, count: Int, into planes: inout MutableSpan<Float>, planeStride: Int
  ) {
    requireCount(weights.count, holds: 9 * count, "winogradWeights weights")
    requireCount(planes.count, holds: ((size + 2) * (size + 2) - 1) * planeStride + count, "winogradWeights planes")
    unsafe weights.withUnsafeBufferPointer { w in
      unsafe planes.withUnsafeMutableBufferPointer { p in
        guard let from = w.baseAddress, let to = p.baseAddress else { return }
        unsafe vk_winograd_weights(Int32(size), from, to, count, planeStride)
      }
    }
  }

  /// weights ← Gᵀ u G, the adjoint, of some of the kernels of `weights [9][count]`
  static func winogradWeightsAdjoint(
    _ size: Int, _ planes: Span<Float>, planeStride: Int, part: Range<Int>, into weights: inout MutableSpan<Float>
  ) {
    let tap = weights.count / 9
    require(part.lowerBound >= 0 && part.upperBound <= tap, "winogradWeightsAdjoint: \(part) is outside 0..<\(tap)")
    requireCount(
      planes.count, holds: ((size + 2) * (size + 2) - 1) * planeStride + part.upperBound, "winogradWeightsAdjoint")
    unsafe planes.withUnsafeBufferPointer { p in
      unsafe weights.withUnsafeMutableBufferPointer { w in
        guard let from = p.baseAddress, let to = w.baseAddress else { return }
        unsafe vk_winograd_weights_adjoint(
          Int32(size), from + part.lowerBound, to + part.lowerBound, part.count, tap, planeStride)
      }
    }
  }

  /// planes ← Bᵀ x B of every tile
  static func winogradInput(
    _ tiles: WinogradTiles, _ input: Span<Float>, into planes: inout MutableSpan<Float>, planeStride: Int, images: Int
  ) {
    tiles.check(pixels: input.count, planes: planes.count, planeStride: planeStride, images: images)
    unsafe input.withUnsafeBufferPointer { i in
      unsafe planes.withUnsafeMutableBufferPointer { p in
        guard let from = i.baseAddress, let to = p.baseAddress else { return }
        var kernel = tiles.kernel(planeStride: planeStride)
        unsafe vk_winograd_input(Int32(tiles.size), &kernel, from, to, images)
      }
    }
  }

  /// accumulated += B v Bᵀ of every tile, the adjoint
  static func winogradInputAdjoint(
    _ tiles: WinogradTiles, _ planes: Span<Float>, planeStride: Int, addingTo accumulated: inout MutableSpan<Float>,
    images: Int
  ) {
    tiles.check(pixels: accumulated.count, planes: planes.count, planeStride: planeStride, images: images)
    unsafe planes.withUnsafeBufferPointer { p in
      unsafe accumulated.withUnsafeMutableBufferPointer { a in
        guard let from = p.baseAddress, let to = a.baseAddress else { return }
        var kernel = tiles.kernel(planeStride: planeStride)
        unsafe vk_winograd_input_adjoint(Int32(tiles.size), &kernel, from, to, images)
      }
    }
  }

  /// output ← epilogue(Aᵀ p A) of every tile
  static func winogradOutput(
    _ tiles: WinogradTiles, _ planes: Span<Float>, planeStride: Int, epilogue: borrowing Epilogue,
    into output: inout MutableSpan<Float>, images: Int
  ) {
    tiles.check(pixels: output.count, planes: planes.count, planeStride: planeStride, images: images)
    unsafe planes.withUnsafeBufferPointer { p in
      unsafe output.withUnsafeMutableBufferPointer { o in
        unsafe epilogue.withKernel(channels: tiles.channels) { epilogue in
          guard let from = p.baseAddress, let to = o.baseAddress else { return }
          var kernel = tiles.kernel(planeStride: planeStride)
          unsafe vk_winograd_output(Int32(tiles.size), &kernel, from, epilogue, to, images)
        }
      }
    }
  }

  /// planes ← A g Aᵀ of every tile, the adjoint
  static func winogradOutputAdjoint(
    _ tiles: WinogradTiles, _ gradient: Span<Float>, into planes: inout MutableSpan<Float>, planeStride: Int,
    images: Int
  ) {
    tiles.check(pixels: gradient.count, planes: planes.count, planeStride: planeStride, images: images)
    unsafe gradient.withUnsafeBufferPointer { g in
      unsafe planes.withUnsafeMutableBufferPointer { p in
        guard let from = g.baseAddress, let to = p.baseAddress else { return }
        var kernel = tiles.kernel(planeStride: planeStride)
        unsafe vk_winograd_output_adjoint(Int32(tiles.size), &kernel, from, to, images)
      }
    }
  }
}
