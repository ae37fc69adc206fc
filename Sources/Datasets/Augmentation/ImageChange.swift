internal import Samples
internal import Support

/// The changes to one image that move whole pixels, in the order in which they are made: mirrored, then moved, then partly blanked.
struct ImageChange: Hashable, Sendable {
  /// Whether left and right are exchanged.
  var isMirrored = false

  /// Pixels to move down; negative for up.
  var down = 0

  /// Pixels to move right; negative for left.
  var right = 0

  /// The rectangles that are overwritten last.
  var erased: ImageRectangle?
  var cutOut: ImageRectangle?

  /// Writes the changed and normalized image: `pixels` [H, W, C] → `output` [H, W, C]. Uncovered and blanked pixels have the value 0.
  ///
  /// Each row is a run of zeros, a run of one row of the image, and a run of zeros, so no pixel needs a test.
  func write(
    _ pixels: Span<UInt8>, shape: Shape, table: NormalizationTable, into output: inout MutableSpan<Float>
  ) {
    let (width, channels) = (shape.width, shape.channels)
    let length = width * channels
    let first = min(max(0, right), width)
    let end = max(first, min(width, width + right))
    // Where the covered columns come from, counted from the left of the unmirrored row.
    let source = isMirrored ? (width - end + right)..<(width - first + right) : (first - right)..<(end - right)
    for row in 0..<shape.height {
      let sourceRow = row - down
      var target = output.part(row * length..<(row + 1) * length)
      guard sourceRow >= 0 && sourceRow < shape.height, first < end else {
        table.blank(&target)
        continue
      }
      var before = target.part(0..<first * channels)
      table.blank(&before)
      let start = sourceRow * length
      let run = pixels.extracting(start + source.lowerBound * channels..<start + source.upperBound * channels)
      var covered = target.part(first * channels..<end * channels)
      if isMirrored { table.applyMirrored(to: run, into: &covered) } else { table.apply(to: run, into: &covered) }
      var after = target.part(end * channels..<length)
      table.blank(&after)
    }
    blank(&output, shape: shape, table: table)
  }

  /// Overwrites the rectangles.
  func blank(_ output: inout MutableSpan<Float>, shape: Shape, table: NormalizationTable) {
    erased?.blank(&output, shape: shape, table: table)
    cutOut?.blank(&output, shape: shape, table: table)
  }
}
