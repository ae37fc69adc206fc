import Jacquard
import Testing

/// How products are cut, with and without small kernels.
@Suite struct ProductTileTests {
  /// The rows of the table in `ProductTile`.
  @Test(arguments: [(1152, 128, 40, 6), (576, 64, 48, 2), (288, 64, 48, 1), (25, 6, 1960, 1)])
  func smallKernels(patch: Int, outputs: Int, pixels: Int, parts: Int) {
    let tile = ProductTile(patchSize: patch, outputs: outputs, hasSmallKernels: true)
    #expect(tile.pixels == pixels && tile.parts == parts, "\(tile)")
    #expect(tile.pixels * patch / tile.parts * outputs <= 1_000_000)
  }

  @Test(arguments: [(1152, 128, 40), (288, 64, 168), (100_000, 1, 8)])
  func packedProducts(patch: Int, outputs: Int, pixels: Int) {
    let tile = ProductTile(patchSize: patch, outputs: outputs, hasSmallKernels: false)
    #expect(tile.pixels == pixels && tile.parts == 1, "\(tile)")
  }

  @Test func rowsStayWithinTheBoundWhereThatIsWorthACall() {
    #expect(ProductTile.rows(columns: 64, depth: 64, hasSmallKernels: true) == 244)
    #expect(ProductTile.rows(columns: 512, depth: 512, hasSmallKernels: true) == .max)
    #expect(ProductTile.rows(columns: 64, depth: 64, hasSmallKernels: false) == .max)
  }
}
