import LinearAlgebra
import JacquardEngine
import Testing

/// How products are cut, by the rule of each kind of kernels, independent of this machine's.
struct ProductTileTests {
  private static let small = RowRule(unit: 4, smallProduct: 1_000_000)

  /// Layers of the table in `ProductTile`, and patches so long that many parts are needed.
  @Test(
    arguments: [
      (1152, 128, 40, 6), (576, 64, 48, 2), (288, 64, 48, 1), (25, 6, 1960, 1), (4608, 512, 8, 24), (450, 600, 8, 3),
    ])
  func smallKernels(patch: Int, outputs: Int, pixels: Int, parts: Int) {
    let tile = ProductTile(patchSize: patch, outputs: outputs, rule: Self.small)
    #expect(tile.pixels == pixels && tile.parts == parts, "\(tile)")
    #expect(tile.pixels * patch / tile.parts * outputs <= 1_000_000)
  }

  @Test(arguments: [(1152, 128, 40), (288, 64, 168), (100_000, 1, 8)])
  func packedProducts(patch: Int, outputs: Int, pixels: Int) {
    for rule in [RowRule(), RowRule(unit: 4), RowRule(unit: 8)] {
      let tile = ProductTile(patchSize: patch, outputs: outputs, rule: rule)
      #expect(tile.pixels == pixels && tile.parts == 1, "\(tile)")
    }
  }
}
