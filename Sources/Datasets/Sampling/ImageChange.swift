internal import Samples

/// The changes to one image, in the order in which they are made: mirrored, then moved, then partly erased.
package struct ImageChange: Hashable, Sendable {
  /// Whether left and right are exchanged.
  package var isMirrored: Bool

  /// Pixels to move down; negative for up.
  package var down: Int

  /// Pixels to move right; negative for left.
  package var right: Int

  /// The rectangle that is overwritten last.
  var erased: ErasedRectangle?

  /// Makes a change; none by default.
  package init(isMirrored: Bool = false, down: Int = 0, right: Int = 0) {
    self.isMirrored = isMirrored
    self.down = down
    self.right = right
  }

  /// Writes the changed and normalized image: `pixels` [H, W, C] → `output` [H, W, C]. Uncovered and erased pixels have the value 0.
  func write(
    _ pixels: Span<UInt8>, shape: Shape, table: NormalizationTable, into output: inout MutableSpan<Float>
  ) {
    for row in 0..<shape.height {
      let sourceRow = row - down
      let isInside = sourceRow >= 0 && sourceRow < shape.height
      for column in 0..<shape.width {
        let unmoved = column - right
        let sourceColumn = isMirrored ? shape.width - 1 - unmoved : unmoved
        let isCovered = isInside && unmoved >= 0 && unmoved < shape.width && !isErased(row, column)
        let target = (row * shape.width + column) * shape.channels
        let source = (sourceRow * shape.width + sourceColumn) * shape.channels
        for channel in 0..<shape.channels {
          output[target + channel] = table.value(of: isCovered ? pixels[source + channel] : 0, channel: channel)
        }
      }
    }
  }

  private func isErased(_ row: Int, _ column: Int) -> Bool {
    guard let erased else { return false }
    return erased.rows.contains(row) && erased.columns.contains(column)
  }
}
