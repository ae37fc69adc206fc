package import LinearAlgebra

/// How a lowered convolution is cut into products.
///
/// OpenBLAS computes products of at most 1,000,000 multiply-adds with kernels that neither pack nor lock. It packs larger products, which costs a
/// third or more at these sizes. So a tile is a number of output pixels, and if few pixels would reach the bound, the patch is cut into parts that
/// are multiplied one after the other. Measured on one Zen 4 core (GFLOP/s; forward, backward-data, backward-weights; the peak is about 118):
///
/// | patch → outputs | cut | pixels | forward | data | weights |
/// | --- | --- | --- | --- | --- | --- |
/// | 1152 → 128 | whole, packed | 8 | 65 | 68 | 81 |
/// | 1152 → 128 | 3 parts | 20 | 117 | 117 | 105 |
/// | 1152 → 128 | 6 parts | 40 | 116 | 116 | 111 |
/// | 576 → 64 | whole | 24 | 118 | 116 | 108 |
/// | 576 → 64 | whole | 27 | 113 | 115 | 109 |
/// | 576 → 64 | 2 parts | 48 | 117 | 116 | 113 |
/// | 288 → 64 | whole | 48 | 118 | 116 | 113 |
/// | 288 → 64 | whole, packed | 64 | 97 | 97 | 100 |
///
/// A core without such kernels packs every product, and packs the weights again for each tile. There a tile is as long as the cache allows, and the
/// patch is never cut.
///
/// The cut depends only on the sizes of the layer and the library's kernels, never on threads or batch, so it never changes bits.
package struct ProductTile: Hashable, Sendable {
  /// Output pixels that are lowered and multiplied at once.
  package let pixels: Int
  /// Equal parts of the patch.
  package let parts: Int

  /// Backward-weights sums over the pixels and runs near the peak from this many on.
  private static let enoughPixels = 40
  /// Floats of the column buffer: 192 KiB, part of a second-level cache of 1 MiB.
  private static let columnFloats = 48 * 1024

  /// The cut for a patch of `patchSize` elements and `outputs` output channels: the fewest parts, each a multiple of 16
  /// elements, that leave enough pixels.
  package init(patchSize: Int, outputs: Int, rule: RowRule) {
    guard let smallProduct = rule.smallProduct else {
      self.parts = 1
      self.pixels = max(8, min(rule.mostRows ?? .max, Self.columnFloats / patchSize / 8 * 8))
      return
    }
    func pixels(parts: Int) -> Int {
      min(smallProduct / (patchSize / parts * outputs), Self.columnFloats / patchSize)
    }
    let candidates = (1...16).filter { $0 == 1 || patchSize % ($0 * 16) == 0 }
    let parts =
      candidates.first { pixels(parts: $0) >= Self.enoughPixels } ?? candidates.max {
        pixels(parts: $0) < pixels(parts: $1)
      }
      ?? 1
    guard pixels(parts: parts) < 8 else {
      self.parts = parts
      self.pixels = pixels(parts: parts) / 8 * 8
      return
    }
    // Long patches to many channels: use as many parts as leave eight pixels. Otherwise the tile would be packed and a short last one would not.
    func fits(_ parts: Int) -> Bool {
      patchSize % parts == 0 && 8 * (patchSize / parts) * outputs <= smallProduct
    }
    self.parts = (1...patchSize).first(where: fits) ?? patchSize
    self.pixels = 8
  }
}
