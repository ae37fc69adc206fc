import JacquardEngine

/// A quantized network in plain loops over whole numbers, layer by layer: what the fast forms must equal, bit for bit.
///
/// It knows only the layers, the weights in the order of files, and the quantization. Images are `[channels][height][width]`.
struct QuantizedReference {
  /// Activations in bytes; `floats` replaces them at the end of the network.
  struct Activation {
    var bytes: [Int]
    var shape: Shape
    var range: QuantizedRange
    var floats: [Float]?
  }

  private let network: Network
  private let quantization: Quantization
  private let tensors: [String: [Float]]

  init(_ network: Network, _ quantization: Quantization) {
    self.network = network
    self.quantization = quantization
    tensors = Dictionary(uniqueKeysWithValues: network.tensors.map { ($0.name, network.exportTensor($0)) })
  }

  /// The logits of one image, `[height][width][channels]`.
  func logits(_ image: [Float]) -> [Float] {
    let shape = network.model.inputShape
    var bytes = [Int](repeating: 0, count: shape.count)
    for pixel in 0..<shape.pixels {
      for channel in 0..<shape.channels {
        let steps = image[pixel * shape.channels + channel] / quantization.input.scale
        bytes[channel * shape.pixels + pixel] = Self.byte(steps, quantization.input)
      }
    }
    let start = Activation(bytes: bytes, shape: shape, range: quantization.input)
    return run(network.model.layers, start, prefix: "").floats ?? []
  }

  private static func byte(_ steps: Float, _ range: QuantizedRange) -> Int {
    let low = Float(-range.zeroPoint)
    let high = Float(255 - range.zeroPoint)
    return Int(max(low, min(high, steps)).rounded(.toNearestOrEven)) + range.zeroPoint
  }

  private static func number(_ byte: Int, _ range: QuantizedRange) -> Float {
    Float(byte - range.zeroPoint) * range.scale
  }

  private func run(_ layers: [any Layer], _ input: Activation, prefix: String) -> Activation {
    let names = LayerChain(layers).names(within: prefix)
    var value = input
    var index = 0
    while index < layers.count {
      let (layer, name) = (layers[index], names[index])
      let followers = zip(layers, names).dropFirst(index + 1).map { $0 }
      var range = quantization.activations[Self.operatorName(layer, name)]
      var isFused = false
      if range == nil, let (next, nextName) = followers.first, Self.isRectifier(next) {
        range = quantization.activations[nextName]
        isFused = range != nil
      }
      value = apply(layer, name, value, to: range)
      index += isFused ? 2 : 1
    }
    return value
  }

  private static func isRectifier(_ layer: any Layer) -> Bool {
    layer is ReLU || (layer as? JacquardEngine.Activation)?.function == .relu6
  }

  private static func operatorName(_ layer: any Layer, _ name: String) -> String {
    switch layer {
    case is Residual: "\(name).sum"
    case is Branches: "\(name).concat"
    default: name
    }
  }

  private func apply(_ layer: any Layer, _ name: String, _ input: Activation, to range: QuantizedRange?) -> Activation {
    var output = input
    switch layer {
    case let layer as Conv2D: return convolve(layer, name, input, to: range)
    case let layer as Dense: return multiply(layer, name, input, to: range)
    case is Flatten, is Dropout:
      output.shape = layer is Flatten ? .vector(input.shape.count) : input.shape
    case let layer as MaxPool2D: return pool(layer, input)
    case is GlobalAveragePool:
      guard let range else { return output }
      let pixels = input.shape.pixels
      let multiplier = Float(Double(input.range.scale) / (Double(range.scale) * Double(pixels)))
      output.bytes = (0..<input.shape.channels).map { channel in
        let sum = (0..<pixels).reduce(0) { $0 + input.bytes[channel * pixels + $1] - input.range.zeroPoint }
        return Self.byte(Float(sum) * multiplier, range)
      }
      output.shape = .vector(input.shape.channels)
      output.range = range
    case let layer as LeakyReLU:
      guard let range else { return output }
      output.bytes = input.bytes.map {
        let number = Self.number($0, input.range)
        return Self.byte((number > 0 ? number : layer.negativeSlope * number) / range.scale, range)
      }
      output.range = range
    case let layer as ZeroPad2D: return frame(layer, input)
    case let layer as Residual:
      guard let range else { return output }
      let a = run(layer.body, input, prefix: "\(name).body.")
      let b = run(layer.shortcut, input, prefix: "\(name).shortcut.")
      let (factorA, factorB) = (a.range.scale / range.scale, b.range.scale / range.scale)
      output = a
      output.bytes = a.bytes.indices.map {
        let first = Float(a.bytes[$0] - a.range.zeroPoint) * factorA
        let second = Float(b.bytes[$0] - b.range.zeroPoint) * factorB
        return Self.byte(first + second, range)
      }
      output.range = range
    case let layer as Branches:
      guard let range else { return output }
      let paths = layer.paths.enumerated().map { run($1, input, prefix: "\(name).path\($0 + 1).") }
      output.bytes = paths.flatMap { path in
        path.bytes.map { Self.byte(Self.number($0, path.range) / range.scale, range) }
      }
      output.shape = .image(
        height: paths[0].shape.height, width: paths[0].shape.width,
        channels: paths.reduce(0) { $0 + $1.shape.channels })
      output.range = range
    default: preconditionFailure("\(layer)")
    }
    return output
  }

  /// Sums of products of one output channel as a byte, or as a number.
  private func finish(_ sum: Int, _ name: String, _ channel: Int, _ input: QuantizedRange, _ output: QuantizedRange?)
    -> (Int, Float)
  {
    let scale = (quantization.weights["\(name).weight"] ?? [])[channel]
    let bias = tensors["\(name).bias"].map { Double($0[channel]) } ?? 0
    let total = sum + Int((bias / (Double(input.scale) * Double(scale))).rounded(.toNearestOrEven))
    guard let output else { return (0, Float(total) * (input.scale * scale)) }
    return (Self.byte(Float(total) * (input.scale * scale / output.scale), output), 0)
  }

  private func weights(_ name: String) -> [Int] {
    let scales = quantization.weights["\(name).weight"] ?? []
    let numbers = tensors["\(name).weight"] ?? []
    return numbers.indices.map { Int((numbers[$0] / scales[$0 / (numbers.count / scales.count)]).rounded()) }
  }

  private func multiply(_ layer: Dense, _ name: String, _ input: Activation, to range: QuantizedRange?) -> Activation {
    let weights = weights(name)
    let count = input.bytes.count
    let results = (0..<layer.outputFeatures).map { output in
      let sum = (0..<count).reduce(0) {
        $0 + (input.bytes[$1] - input.range.zeroPoint) * weights[output * count + $1]
      }
      return finish(sum, name, output, input.range, range)
    }
    return Activation(
      bytes: results.map(\.0), shape: .vector(layer.outputFeatures), range: range ?? input.range,
      floats: range == nil ? results.map(\.1) : nil)
  }

  private func convolve(_ layer: Conv2D, _ name: String, _ input: Activation, to range: QuantizedRange?) -> Activation {
    let weights = weights(name)
    guard let shape = try? layer.outputShape(for: input.shape) else { preconditionFailure(name) }
    let (kernel, channels) = (layer.kernelSize, input.shape.channels / layer.groups)
    let perGroup = layer.outputChannels / layer.groups
    var results: [(Int, Float)] = []
    for output in 0..<layer.outputChannels {
      for y in 0..<shape.height {
        for x in 0..<shape.width {
          var sum = 0
          for channel in 0..<channels {
            for ky in 0..<kernel.height {
              for kx in 0..<kernel.width {
                let row = y * layer.stride.height + ky * layer.dilation.height - layer.padding.top
                let column = x * layer.stride.width + kx * layer.dilation.width - layer.padding.left
                guard row >= 0, column >= 0, row < input.shape.height, column < input.shape.width else { continue }
                let source = output / perGroup * channels + channel
                let byte = input.bytes[(source * input.shape.height + row) * input.shape.width + column]
                let weight = weights[((output * channels + channel) * kernel.height + ky) * kernel.width + kx]
                sum += (byte - input.range.zeroPoint) * weight
              }
            }
          }
          results.append(finish(sum, name, output, input.range, range))
        }
      }
    }
    return Activation(
      bytes: results.map(\.0), shape: shape, range: range ?? input.range,
      floats: range == nil ? results.map(\.1) : nil)
  }

  private func pool(_ layer: MaxPool2D, _ input: Activation) -> Activation {
    guard let shape = try? layer.outputShape(for: input.shape) else { preconditionFailure() }
    var output = input
    output.shape = shape
    output.bytes = []
    for channel in 0..<shape.channels {
      for y in 0..<shape.height {
        for x in 0..<shape.width {
          var best = 0
          for ky in 0..<layer.size.height {
            for kx in 0..<layer.size.width {
              let row = y * layer.stride.height + ky - layer.padding.top
              let column = x * layer.stride.width + kx - layer.padding.left
              guard row >= 0, column >= 0, row < input.shape.height, column < input.shape.width else { continue }
              best = max(best, input.bytes[(channel * input.shape.height + row) * input.shape.width + column])
            }
          }
          output.bytes.append(best)
        }
      }
    }
    return output
  }

  private func frame(_ layer: ZeroPad2D, _ input: Activation) -> Activation {
    guard let shape = try? layer.outputShape(for: input.shape) else { preconditionFailure() }
    var output = input
    output.shape = shape
    output.bytes = []
    for channel in 0..<shape.channels {
      for y in 0..<shape.height {
        for x in 0..<shape.width {
          let (row, column) = (y - layer.padding.top, x - layer.padding.left)
          let isInside = row >= 0 && column >= 0 && row < input.shape.height && column < input.shape.width
          output.bytes.append(
            isInside
              ? input.bytes[(channel * input.shape.height + row) * input.shape.width + column] : input.range.zeroPoint)
        }
      }
    }
    return output
  }
}
