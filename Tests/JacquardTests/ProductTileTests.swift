import Jacquard
import Testing

/// How products are cut, with and without small kernels.
@Suite struct ProductTileTests {
  /// Layers of the table in `ProductTile`, and patches so long that many parts are needed.
  @Test(
    arguments: [
      (1152, 128, 40, 6), (576, 64, 48, 2), (288, 64, 48, 1), (25, 6, 1960, 1), (4608, 512, 8, 24), (450, 600, 8, 3),
    ])
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

  /// Dense layers: no part of a product of any number of images is ever packed.
  @Test(arguments: [(120, 400), (256, 784), (1000, 4096), (10, 64), (4096, 25_088)])
  func cutsStayWithinTheBound(columns: Int, depth: Int) {
    let cut = ProductCut(columns: columns, depth: depth, hasSmallKernels: true)
    #expect(cut.rows * cut.columns * cut.depth <= 1_000_000 && cut.rows >= 8, "\(cut)")
    let uncut = ProductCut(columns: columns, depth: depth, hasSmallKernels: false)
    #expect(uncut.rows == .max && uncut.columns == columns && uncut.depth == depth)
  }

  @Test func rowsStayWithinTheBoundWhereThatIsWorthACall() {
    #expect(ProductTile.rows(columns: 64, depth: 64, hasSmallKernels: true) == 244)
    #expect(ProductTile.rows(columns: 512, depth: 512, hasSmallKernels: true) == .max)
    #expect(ProductTile.rows(columns: 64, depth: 64, hasSmallKernels: false) == .max)
  }
}
