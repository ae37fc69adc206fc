internal import Support

/// Joins several values along their channels: the end of branches that are concatenated.
struct Concatenation: Operator {
  let pixels: Int
  /// The channels of each input.
  let widths: [Int]
  let channels: Int

  init(pixels: Int, widths: [Int]) {
    self.pixels = pixels
    self.widths = widths
    channels = widths.reduce(0, +)
  }

  func forward(_ pass: borrowing ForwardPass) {
    var output = pass.output()
    var first = 0
    for index in widths.indices {
      Kernels.copyColumns(
        0..<widths[index], of: pass.input(index), stride: widths[index], to: first, of: &output, stride: channels,
        rows: pass.imageCount * pixels)
      first += widths[index]
    }
  }

  func backward(_ pass: borrowing BackwardPass) {
    guard pass.needsInputGradient else { return }
    var first = 0
    for index in widths.indices {
      var gradient = pass.inputGradient(index)
      Kernels.copyColumns(
        first..<first + widths[index], of: pass.outputGradient(), stride: channels, to: 0, of: &gradient,
        stride: widths[index], rows: pass.imageCount * pixels)
      first += widths[index]
    }
  }
}

/// The product of two values. The second may have one factor for each channel of an image.
struct Product: Operator {
  let pixels: Int
  let channels: Int
  /// Whether the second value has one number per channel, not per element.
  let isSpread: Bool

  var retains: Retention { .input }

  /// The number of pixels that share a factor.
  private var sharing: Int { isSpread ? pixels : 1 }
  /// The number of factors in a row.
  private var width: Int { isSpread ? channels : pixels * channels }

  func forward(_ pass: borrowing ForwardPass) {
    let (values, factors) = (pass.input(0), pass.input(1))
    var output = pass.output()
    for row in 0..<pass.imageCount * sharing {
      let image = row / sharing
      let source = values.extracting(row * width..<(row + 1) * width)
      let scale = factors.extracting(image * width..<(image + 1) * width)
      var target = output.part(row * width..<(row + 1) * width)
      for index in 0..<width { target[index] = source[index] * scale[index] }
    }
  }

  func backward(_ pass: borrowing BackwardPass) {
    guard pass.needsInputGradient else { return }
    let (values, factors, gradient) = (pass.input(0), pass.input(1), pass.outputGradient())
    var valueGradient = pass.inputGradient(0)
    var factorGradient = pass.inputGradient(1)
    Kernels.fill(&factorGradient, with: 0)
    for row in 0..<pass.imageCount * sharing {
      let image = row / sharing
      let part = row * width..<(row + 1) * width
      let (source, slope) = (values.extracting(part), gradient.extracting(part))
      let scale = factors.extracting(image * width..<(image + 1) * width)
      var target = valueGradient.part(part)
      var sums = factorGradient.part(image * width..<(image + 1) * width)
      for index in 0..<width {
        target[index] = slope[index] * scale[index]
        sums[index] += slope[index] * source[index]
      }
    }
  }
}
