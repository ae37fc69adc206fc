import JacquardEngine

/// The windows of a pool: the input pixels of each output pixel.
private struct ReferenceWindows {
  let size: Size2D
  let stride: Size2D
  let padding: Padding

  /// `H' = ⌊(H + padding − size) / stride⌋ + 1`, and likewise the width.
  func shape(_ input: ReferenceBatch) -> Shape {
    .image(
      height: (input.height + padding.top + padding.bottom - size.height) / stride.height + 1,
      width: (input.width + padding.left + padding.right - size.width) / stride.width + 1, channels: input.channels)
  }

  /// Sets each output to the result of `combine` for the values in its window, without padding, row by row.
  func reduce(_ input: ReferenceBatch, into output: inout ReferenceBatch, _ combine: ([Double]) -> Double) {
    for image in 0..<output.images {
      for outputRow in 0..<output.height {
        for outputColumn in 0..<output.width {
          for channel in 0..<output.channels {
            var seen: [Double] = []
            for row in outputRow * stride.height - padding.top..<outputRow * stride.height - padding.top + size.height {
              let first = outputColumn * stride.width - padding.left
              for column in first..<first + size.width where input.contains(row: row, column: column) {
                seen.append(input.values[input.index(image, row, column, channel)])
              }
            }
            output.values[output.index(image, outputRow, outputColumn, channel)] = combine(seen)
          }
        }
      }
    }
  }
}

extension MaxPool2D: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let windows = ReferenceWindows(size: size, stride: stride, padding: padding)
    // Backward adds the gradients of all windows that a pixel wins.
    var output = ReferenceBatch(windows.shape(input), from: input, roundings: size.height * size.width)
    var margin = input.margin
    windows.reduce(input, into: &output) { largest($0, &margin) }
    output.margin = margin
    return output
  }
}

extension AveragePool2D: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let windows = ReferenceWindows(size: size, stride: stride, padding: padding)
    let places = size.height * size.width
    var output = ReferenceBatch(windows.shape(input), from: input, roundings: places + 2)
    windows.reduce(input, into: &output) { $0.reduce(0, +) / Double(countsPadding ? places : $0.count) }
    return output
  }
}

extension GlobalMaxPool: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    var output = ReferenceBatch(.vector(input.channels), from: input, roundings: 1)
    for image in 0..<input.images {
      for channel in 0..<input.channels {
        output.values[image * input.channels + channel] = largest(input.pixels(image, channel), &output.margin)
      }
    }
    return output
  }
}

extension GlobalAveragePool: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    var output = ReferenceBatch(.vector(input.channels), from: input, roundings: input.pixels + 2)
    for image in 0..<input.images {
      for channel in 0..<input.channels {
        output.values[image * input.channels + channel] =
          input.pixels(image, channel).reduce(0, +) / Double(input.pixels)
      }
    }
    return output
  }
}

/// The largest of `values`; lowers `margin` to its lead over the second.
private func largest(_ values: [Double], _ margin: inout Double) -> Double {
  var (first, second) = (-Double.infinity, -Double.infinity)
  for value in values {
    if value > first { (first, second) = (value, first) } else if value > second { second = value }
  }
  margin = min(margin, first - second)
  return first
}

extension ReferenceBatch {
  /// All values of one channel of one image.
  fileprivate func pixels(_ image: Int, _ channel: Int) -> [Double] {
    (0..<pixels).map { values[(image * pixels + $0) * channels + channel] }
  }
}
