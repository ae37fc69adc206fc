/// How many rows of a lowered convolution are multiplied at once.
///
/// Two bounds decide. OpenBLAS computes products of at most 1,000,000 multiply-adds with kernels that neither pack
/// nor lock, and the column buffer should stay in the caches of one core. The result depends on the sizes of the
/// layer alone, never on threads or batch, so it never changes bits.
enum ProductTile {
  /// Multiply-adds up to which OpenBLAS 0.3 takes its small kernels.
  static let smallProduct = 1_000_000
  /// Floats of the column buffer: 192 KiB, a part of a 1 MiB second-level cache.
  static let columnFloats = 48 * 1024

  /// Output pixels per tile, for a patch of `patchSize` elements and `outputs` output channels.
  static func pixels(patchSize: Int, outputs: Int) -> Int {
    let byProduct = smallProduct / (patchSize * outputs)
    let byBuffer = columnFloats / patchSize
    let pixels = max(8, min(byProduct, byBuffer))
    return pixels >= 16 ? pixels / 8 * 8 : pixels
  }
}
