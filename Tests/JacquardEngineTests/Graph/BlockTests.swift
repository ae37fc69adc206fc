import LinearAlgebra
import JacquardEngine
import TestSupport
import Testing

/// Runs of operators that are computed as one block give the same results as the single layers.
struct BlockTests {
  private static let leaky = LeakyReLU(negativeSlope: 0.3)

  private static func convolution(_ channels: Int, bias: Bool = true) -> Conv2D {
    Conv2D(outputChannels: channels, kernelSize: 3, padding: Padding(1), usesBias: bias)
  }

  private static func depthwise(_ channels: Int, size: Int = 3, stride: Int = 1, bias: Bool = true) -> [any Layer] {
    [
      Conv2D(
        outputChannels: channels, kernelSize: Size2D(size), stride: Size2D(stride), padding: .same(Size2D(size)),
        groups: channels, usesBias: bias)
    ]
  }

  /// All patterns, with half a vector of channels, a whole one and a remainder; more images than one call takes.
  static let cases: [LayerCase] = [
    LayerCase(layers: [convolution(6), ReLU()], shape: .image(height: 4, width: 4, channels: 2), images: 19),
    LayerCase(layers: [convolution(5), leaky], shape: .image(height: 3, width: 5, channels: 1), images: 3),
    LayerCase(
      layers: [convolution(6), leaky, MaxPool2D(2)], shape: .image(height: 4, width: 4, channels: 2), images: 5),
    LayerCase(
      layers: [convolution(10, bias: false), ReLU(), MaxPool2D(2)], shape: .image(height: 5, width: 7, channels: 1),
      images: 4),
    LayerCase(
      layers: [convolution(16), MaxPool2D(2)], shape: .image(height: 5, width: 4, channels: 1), images: 18),
    LayerCase(
      layers: [convolution(8), leaky, MaxPool2D(3, stride: 1, padding: Padding(1))],
      shape: .image(height: 4, width: 3, channels: 2), images: 3),
    LayerCase(
      layers: [Conv2D(outputChannels: 4, kernelSize: 3, stride: 2), leaky, MaxPool2D(2, stride: 1)],
      shape: .image(height: 7, width: 7, channels: 2), images: 3),
    LayerCase(
      layers: [convolution(6, bias: false), BatchNorm2D()], shape: .image(height: 4, width: 3, channels: 2), images: 5),
    LayerCase(
      layers: [convolution(6, bias: false), BatchNorm2D(), leaky], shape: .image(height: 4, width: 4, channels: 2),
      images: 18),
    LayerCase(
      layers: [convolution(6, bias: false), BatchNorm2D(), ReLU(), MaxPool2D(2)],
      shape: .image(height: 5, width: 4, channels: 2), images: 5),
    LayerCase(
      layers: [convolution(16, bias: false), BatchNorm2D(), leaky, MaxPool2D(2)],
      shape: .image(height: 4, width: 4, channels: 1), images: 17),
    // Spread pixels before pools that take dense ones, with and without a norm.
    LayerCase(
      layers: [convolution(6), leaky, MaxPool2D(3, stride: 2)], shape: .image(height: 5, width: 6, channels: 1),
      images: 5),
    LayerCase(
      layers: [convolution(10), leaky, MaxPool2D(2, stride: 1)], shape: .image(height: 4, width: 4, channels: 1),
      images: 3),
    LayerCase(
      layers: [convolution(20), MaxPool2D(3, stride: 3, padding: Padding(1))],
      shape: .image(height: 4, width: 5, channels: 1), images: 2),
    LayerCase(
      layers: [convolution(6, bias: false), BatchNorm2D(), leaky, MaxPool2D(3, stride: 2)],
      shape: .image(height: 5, width: 5, channels: 1), images: 4),
    LayerCase(
      layers: [convolution(12, bias: false), BatchNorm2D(), leaky, MaxPool2D(2)],
      shape: .image(height: 4, width: 4, channels: 1), images: 4),
    // Depthwise and 1×1 convolutions, which inference joins: strides, windows, remainders of channels.
    LayerCase(
      layers: depthwise(6, stride: 2) + [Conv2D(outputChannels: 10, kernelSize: 1), leaky],
      shape: .image(height: 7, width: 5, channels: 6), images: 5),
    LayerCase(
      layers: [depthwise(20, bias: false)[0], BatchNorm2D(), ReLU()]
        + [Conv2D(outputChannels: 17, kernelSize: 1, usesBias: false), BatchNorm2D(), leaky],
      shape: .image(height: 3, width: 4, channels: 20), images: 3),
    LayerCase(
      layers: depthwise(3, size: 5) + [leaky, Conv2D(outputChannels: 4, kernelSize: 1, usesBias: false), MaxPool2D(2)],
      shape: .image(height: 6, width: 4, channels: 3), images: 4),
    LayerCase(layers: [Dense(5), ReLU()], shape: .vector(7), images: 4),
    LayerCase(layers: [Dense(3, usesBias: false), leaky], shape: .vector(4), images: 6),
    LayerCase(
      layers: [convolution(6), ReLU(), MaxPool2D(2), convolution(8), leaky, Flatten(), Dense(4), ReLU()],
      shape: .image(height: 4, width: 6, channels: 1), images: 5),
  ]

  /// Several tiles, in inference.
  private static let large = [
    LayerCase(
      layers: depthwise(400) + [Conv2D(outputChannels: 20, kernelSize: 1), ReLU()],
      shape: .image(height: 5, width: 6, channels: 400), images: 9)
  ]

  /// The gradient of a bias before a norm is only rounding error; folded into the weights, the bias must not be lost.
  static let biased = cases.compactMap { item -> LayerCase? in
    guard var first = item.layers.first as? Conv2D, item.layers.dropFirst().first is BatchNorm2D else { return nil }
    first.usesBias = true
    return LayerCase(layers: [first] + item.layers.dropFirst(), shape: item.shape, images: item.images)
  }

  /// Every algorithm, and the product that pools its results before storing them.
  private static let options =
    ConvolutionAlgorithm.allCases.map { ComputeOptions(algorithm: $0) }
    + [ComputeOptions(algorithm: .im2col, product: .portable)]

  @Test(arguments: cases + biased + large)
  func blocksHaveTheOutputOfTheirLayers(item: LayerCase) throws {
    let sample = try LayerSample(item.layers, item.shape, images: item.images)
    for isTraining in [true, false] {
      let expected = sample.reference(isTraining: isTraining)
      let largest = expected.values.map(\.magnitude).max() ?? 0
      for options in Self.options {
        for shards in item.shardCounts {
          let probe = try sample.probe(shards: shards, options: options)
          expectClose(
            probe.forward(sample.input, isTraining: isTraining), expected.values,
            relativeTo: .values(expected.values.map { _ in largest }), tolerance: 4e-6,
            "\(options), \(shards) shards, training \(isTraining): \(item.testDescription)")
        }
      }
    }
  }

  /// Weights drawn again until no kink is near: a difference must not cross one.
  @Test(arguments: cases)
  func blocksHaveTheGradientsOfTheirLayers(item: LayerCase) throws {
    let seed = (1...200).first { seed in
      var item = item
      item.seed = UInt64(seed)
      return ((try? item.sample().reference().margin) ?? 0) > GradientCheck.leastMargin
    }
    var item = item
    item.seed = UInt64(try #require(seed))
    let check = try GradientCheck(item.sample())
    for options in Self.options {
      for shards in item.shardCounts {
        let findings = try check.findings(shards: shards, options: options)
        #expect(findings.isEmpty, "\(options): \(item.testDescription)")
      }
    }
  }

  /// Convolutions before a 2×2 pool: even and odd sizes, all vector widths, groups, strides, long sums, many windows.
  static let pooled: [(layer: Conv2D, shape: Shape, images: Int)] = [
    (convolution(6), .image(height: 4, width: 6, channels: 2), 3),
    (convolution(20, bias: false), .image(height: 5, width: 7, channels: 1), 2),
    (Conv2D(outputChannels: 70, kernelSize: 1), .image(height: 3, width: 2, channels: 5), 4),
    (
      Conv2D(outputChannels: 12, kernelSize: 3, padding: Padding(1), groups: 3),
      .image(height: 6, width: 5, channels: 6), 2
    ),
    (
      Conv2D(outputChannels: 16, kernelSize: Size2D(height: 2, width: 3), stride: 2, dilation: 2),
      .image(height: 13, width: 15, channels: 3), 3
    ),
    (convolution(33), .image(height: 9, width: 8, channels: 70), 2),
    (Conv2D(outputChannels: 4, kernelSize: 5), .image(height: 28, width: 28, channels: 1), 3),
  ]

  /// A pool selects values and changes none, so it may run before or after they are stored.
  @Test(arguments: pooled)
  func poolingInTheProductEqualsASeparatePool(layer: Conv2D, shape: Shape, images: Int) throws {
    for activation in [[], [ReLU()], [Self.leaky]] as [[any Layer]] {
      let joined = try LayerSample([layer] + activation + [MaxPool2D(2)], shape, images: images)
      // A layer that does nothing separates the pool from the block.
      var apart = try LayerSample([layer] + activation + [Dropout(0), MaxPool2D(2)], shape, images: images)
      (apart.input, apart.outputGradient, apart.tensors) = (joined.input, joined.outputGradient, joined.tensors)
      let options = ComputeOptions(algorithm: .im2col, product: .portable)
      let probes = try [joined, apart].map { try $0.probe(options: options) }
      for isTraining in [false, true] {
        let outputs = probes.map { $0.forward(joined.input, isTraining: isTraining).map(\.bitPattern) }
        #expect(outputs[0] == outputs[1], "training \(isTraining), \(activation)")
      }
      let gradients = probes.map { probe in
        let gradients = probe.backward(joined.outputGradient)
        // A bias sums the pooled gradient in the block, but those of all pixels outside it: the order differs.
        return (gradients.input + gradients.parameters[0]).map(\.bitPattern)
      }
      #expect(gradients[0] == gradients[1], "\(activation)")
    }
  }

  @Test func blocksOfNamedModelsAreFound() throws {
    func names(_ model: String, isTraining: Bool = true) throws -> [String] {
      try Model.named(model).compile(options: ComputeOptions()).withBlocks(isTraining: isTraining).nodes.map(\.name)
    }
    #expect(
      try names("cnn") == ["conv1+relu1+pool1", "conv2+relu2+pool2", "conv3+relu3", "fc1+relu4", "fc2"])
    #expect(try names("lenet") == ["conv1+relu1+pool1", "conv2+relu2+pool2", "fc1+relu3", "fc2+relu4", "fc3"])
    #expect(
      try names("vgg") == [
        "conv1+bn1+relu1", "conv2+bn2+relu2+pool1", "conv3+bn3+relu3", "conv4+bn4+relu4+pool2", "conv5+bn5+relu5",
        "conv6+bn6+relu6", "pool3", "fc1",
      ])
    #expect(try names("vgg", isTraining: false) == names("vgg"))
    // Only in inference, each depthwise convolution and the 1×1 convolution after it are one block.
    let pairs = try names("mobilenet", isTraining: false)
    #expect(pairs.count == 11 && pairs[0] == "conv1+bn1+relu1" && pairs[1] == "conv2+bn2+relu2+conv3+bn3+relu3")
    #expect(try names("mobilenet").count == pairs.count + 8)
  }

  /// The choice of `auto` decides the bits of every result: change it only on purpose.
  @Test(arguments: [
    ("lenet", ["direct", "direct"]), ("cnn", ["direct", "winograd4", "winograd4"]),
    ("vgg", ["direct"] + Array(repeating: "winograd4", count: 5)),
  ])
  func namedModelsUsePinnedMethods(name: String, expected: [String]) throws {
    let convolutions = try Model.named(name).summary().blocks.filter { !$0.methods.isEmpty }
    for pass in ["forward", "backward_weights"] { #expect(convolutions.map { $0.methods[pass] } == expected) }
    #expect(convolutions.map { $0.methods["backward_data"] } == [nil] + expected.dropFirst().map { Optional($0) })
    // A choice that suits no layer of 5×5 falls back to lowered products.
    let other = try Model.named(name).summary(options: ComputeOptions(algorithm: .winograd)).blocks
    let method = name == "lenet" ? "im2col" : "winograd4"
    #expect(other.dropFirst().first?.methods["forward"] == method)
  }

  /// Another operator reads the value between two layers: a block would lose it.
  @Test func blocksEndWhereAValueHasTwoReaders() throws {
    let model = Model(name: "fork", inputShape: .image(height: 4, width: 4, channels: 2), classNames: ["a", "b"]) {
      Self.convolution(4)
      Residual { ReLU() }
      GlobalAveragePool()
      Dense(2)
    }
    let names = try model.compile(options: ComputeOptions()).withBlocks(isTraining: true).nodes.map(\.name)
    #expect(names.first == "conv1" && names.allSatisfy { !$0.contains("+relu") })
  }
}
