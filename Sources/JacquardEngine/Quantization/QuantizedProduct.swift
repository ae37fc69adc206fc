internal import Samples
internal import Support

/// A convolution or dense layer in bytes, with its norm folded into the weights and a rectifier in the range of its output.
struct QuantizedProduct: QuantizedOperator {
  /// One group of channels: where its bytes begin in a pixel, its weights, and how its sums become bytes.
  private struct Part: Sendable {
    let firstInput: Int
    let firstOutput: Int
    let weights: Storage<Int8>
    let finish: ByteFinish
  }

  private let product: ByteProduct
  private let parts: [Part]
  private let outputChannels: Int
  /// Bytes of one image's input and output; a dense layer computes all images at once.
  private let perImage: (input: Int, output: Int)
  private let isDense: Bool
  /// The window of a convolution whose input is padded first, and the byte that stands for 0.
  private let padding: (window: Window, byte: UInt8)?

  var scratchBytes: Int { padding.map { $0.window.paddedCount + Kernels.byteSlack } ?? 0 }

  /// A dense layer, for up to `capacity` images at once.
  init(
    _ dense: DenseProduct, _ weights: QuantizedWeights, from input: QuantizedRange, to output: QuantizedRange?,
    capacity: Int
  ) {
    product = ByteProduct(
      columns: dense.outputs, starts: (0..<capacity).map { Int32($0 * dense.inputs) }, segmentStarts: [0],
      terms: dense.inputs)
    parts = [
      Part(
        firstInput: 0, firstOutput: 0, weights: product.packed(weights.values),
        finish: weights.finish(0..<dense.outputs, terms: dense.inputs, from: input, to: output, lanes: 16))
    ]
    outputChannels = dense.outputs
    perImage = (dense.inputs, dense.outputs)
    isDense = true
    padding = nil
  }

  /// A convolution that is not depthwise.
  init(
    _ geometry: ConvolutionGeometry, _ weights: QuantizedWeights, from input: QuantizedRange, to output: QuantizedRange?
  ) {
    let (window, channels) = (geometry.window, geometry.input.channels)
    let row = window.paddedWidth * channels
    // Neighboring taps of a row of the kernel are neighbors in memory, unless they are dilated or belong to a group of channels.
    let joinsTaps = window.dilation.width == 1 && geometry.groups == 1
    let taps = joinsTaps ? 1 : window.size.width
    var starts: [Int32] = []
    for y in 0..<window.outputHeight {
      for x in 0..<window.outputWidth {
        starts.append(Int32(y * window.stride.height * row + x * window.stride.width * channels))
      }
    }
    var segments: [Int32] = []
    for y in 0..<window.size.height {
      for x in 0..<taps {
        segments.append(Int32(y * window.dilation.height * row + x * window.dilation.width * channels))
      }
    }
    let terms = joinsTaps ? window.size.width * channels : geometry.groupInputs
    let product = ByteProduct(
      columns: geometry.groupOutputs, starts: starts, segmentStarts: segments, terms: terms)
    parts = (0..<geometry.groups).map { group in
      let columns = group * geometry.groupOutputs..<(group + 1) * geometry.groupOutputs
      return Part(
        firstInput: group * geometry.groupInputs, firstOutput: columns.lowerBound,
        weights: product.packed(weights.columns(columns)),
        finish: weights.finish(columns, terms: geometry.patchSize, from: input, to: output, lanes: 16))
    }
    self.product = product
    outputChannels = geometry.outputChannels
    perImage = (geometry.input.count, geometry.outputPixels * geometry.outputChannels)
    isDense = false
    padding = window.padding == .valid ? nil : (window, UInt8(input.zeroPoint))
  }

  func forward(_ pass: borrowing QuantizedPass) {
    if isDense { return multiply(pass, pass.input(), rows: pass.images, image: 0) }
    for image in 0..<pass.images {
      let first = image * perImage.input
      if let padding {
        var padded = pass.memory.scratch.write(0..<padding.window.paddedCount)
        Kernels.pad(
          padding.window, input: pass.values().extracting(first..<first + perImage.input), with: padding.byte,
          into: &padded)
        multiply(
          pass, pass.memory.scratch.read(0..<scratchBytes), rows: product.starts.count, image: image)
      } else {
        let input = pass.input()
        multiply(pass, input.extracting(first..<input.count), rows: product.starts.count, image: image)
      }
    }
  }

  private func multiply(_ pass: borrowing QuantizedPass, _ input: Span<UInt8>, rows: Int, image: Int) {
    let first = image * perImage.output
    for part in parts {
      let source = input.extracting(part.firstInput..<input.count)
      if pass.outputPlace == nil {
        var logits = pass.logits()
        var target = logits.part(first + part.firstOutput..<first + rows * outputChannels)
        Kernels.multiply(
          product, rows: rows, input: source, packed: part.weights, finish: part.finish, floats: &target,
          stride: outputChannels)
      } else {
        var output = pass.output()
        var target = output.part(first + part.firstOutput..<first + rows * outputChannels)
        Kernels.multiply(
          product, rows: rows, input: source, packed: part.weights, finish: part.finish, output: &target,
          stride: outputChannels)
      }
    }
  }
}

/// A depthwise convolution in bytes.
struct QuantizedDepthwise: QuantizedOperator {
  private let window: Window
  private let weights: [Int16]
  private let finish: ByteFinish
  private let padding: UInt8

  init(
    _ geometry: ConvolutionGeometry, _ weights: QuantizedWeights, from input: QuantizedRange, to output: QuantizedRange
  ) {
    window = geometry.window
    let channels = geometry.outputChannels
    let stride = Kernels.depthwiseStride(channels)
    let taps = window.size.height * window.size.width
    var spread = [Int16](repeating: 0, count: taps * stride)
    for tap in 0..<taps {
      for channel in 0..<channels { spread[tap * stride + channel] = Int16(weights.values[tap * channels + channel]) }
    }
    self.weights = spread
    finish = weights.finish(0..<channels, terms: taps, from: input, to: output, lanes: 32)
    padding = UInt8(input.zeroPoint)
  }

  private var isPadded: Bool { window.padding != .valid }
  var scratchBytes: Int { isPadded ? window.paddedCount + Kernels.byteSlack : 0 }

  func forward(_ pass: borrowing QuantizedPass) {
    let outputCount = window.outputPixels * window.input.channels
    for image in 0..<pass.images {
      let first = image * window.input.count
      var output = pass.output()
      var target = output.part(image * outputCount..<(image + 1) * outputCount)
      if isPadded {
        var padded = pass.memory.scratch.write(0..<window.paddedCount)
        Kernels.pad(
          window, input: pass.values().extracting(first..<first + window.input.count), with: padding, into: &padded)
        Kernels.depthwise(
          window, padded: pass.memory.scratch.read(0..<scratchBytes), weights: weights.span, finish: finish,
          output: &target)
      } else {
        let input = pass.input()
        Kernels.depthwise(
          window, padded: input.extracting(first..<input.count), weights: weights.span, finish: finish, output: &target)
      }
    }
  }
}
