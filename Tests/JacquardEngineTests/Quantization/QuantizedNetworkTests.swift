import JacquardEngine
import TestSupport
import Testing

/// Quantized networks compute what plain loops over whole numbers compute, whatever the team.
struct QuantizedNetworkTests {
  /// Layers before a dense layer with three outputs, and the shape of their input.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let shape: Shape
    let layers: [any Layer]

    init(_ name: String, _ height: Int, _ width: Int, _ channels: Int, _ layers: any Layer...) {
      testDescription = name
      shape = .image(height: height, width: width, channels: channels)
      self.layers = layers
    }

    func network(seed: UInt64) throws -> Network {
      let model = Model(name: "case", inputShape: shape, classNames: ["a", "b", "c"]) {
        layers
        Flatten()
        Dense(3)
      }
      let network = try Network(awaitingWeights: model)
      var random = TestRandom(seed: seed)
      for tensor in network.tensors {
        let values = random.uniform(tensor.specification.order.count)
        let isVariance = tensor.name.hasSuffix("running_var")
        network.importTensor(tensor, values.map { isVariance ? 0.5 + $0.magnitude : $0 })
      }
      return network
    }
  }

  static let cases = [
    Case("one element", 1, 1, 1, Conv2D(outputChannels: 1, kernelSize: 1)),
    Case("dense", 3, 2, 4, Flatten(), Dense(17), ReLU(), Dropout(0.5), Dense(10, usesBias: false)),
    Case("one channel", 9, 7, 1, Conv2D(outputChannels: 10, kernelSize: 3), ReLU(), MaxPool2D(2)),
    Case(
      "sides", 8, 5, 3,
      Conv2D(
        outputChannels: 33, kernelSize: Size2D(height: 3, width: 2), stride: 2,
        padding: Padding(top: 1, left: 0, bottom: 2, right: 3)), ReLU()),
    Case(
      "wide", 6, 6, 5, Conv2D(outputChannels: 70, kernelSize: 5, padding: .same(5)),
      MaxPool2D(3, stride: 2, padding: Padding(1))),
    Case(
      "dilation", 9, 9, 4, Conv2D(outputChannels: 12, kernelSize: 3, dilation: Size2D(height: 2, width: 3)), LeakyReLU()
    ),
    Case("groups", 5, 7, 6, Conv2D(outputChannels: 9, kernelSize: 3, padding: Padding(1), groups: 3), ReLU()),
    Case(
      "depthwise", 7, 6, 35, Conv2D(outputChannels: 35, kernelSize: 3, stride: 2, padding: Padding(1), groups: 35),
      BatchNorm2D(), Activation(.relu6), Conv2D(outputChannels: 16, kernelSize: 1), GlobalAveragePool()),
    Case("depthwise without padding", 6, 6, 8, Conv2D(outputChannels: 8, kernelSize: 5, groups: 8), ReLU()),
    Case(
      "residual", 6, 6, 4,
      Residual {
        Conv2D(outputChannels: 8, kernelSize: 3, padding: .same(3), usesBias: false)
        BatchNorm2D()
        ReLU()
        Conv2D(outputChannels: 8, kernelSize: 3, padding: .same(3))
      } shortcut: {
        Conv2D(outputChannels: 8, kernelSize: 1)
        BatchNorm2D()
      }, ReLU(),
      Residual {
        Conv2D(outputChannels: 8, kernelSize: 1)
      }, GlobalAveragePool()),
    Case(
      "branches", 5, 5, 3, Conv2D(outputChannels: 4, kernelSize: 1), ReLU(),
      Branches(
        .concat, [Conv2D(outputChannels: 5, kernelSize: 3, padding: .same(3)), ReLU()], [],
        [LeakyReLU(negativeSlope: 0.5)]),
      MaxPool2D(2)),
    Case(
      "frame", 4, 4, 2, ZeroPad2D(Padding(top: 1, left: 2, bottom: 0, right: 1)),
      Conv2D(outputChannels: 3, kernelSize: 3)),
  ]

  @Test(arguments: cases) func everyFormEqualsPlainLoops(_ sample: Case) throws {
    let network = try sample.network(seed: 5)
    let samples = TestSamples.learnable(count: 11, shape: sample.shape, classes: 3)
    let team = WorkerTeam(threads: 2)
    let quantized = try network.quantized(on: samples, team: team)
    let quantization = try #require(quantized.quantization)
    let reference = QuantizedReference(quantized, quantization)
    let size = sample.shape.count
    let expected = (0..<samples.count).flatMap {
      reference.logits(Array(samples.images[$0 * size..<($0 + 1) * size]))
    }
    try #require(expected.count == 3 * samples.count)
    #expect(Set(expected).count > 3)
    for (threads, chunk) in [(1, 32), (3, 1), (4, 5)] {
      let found = Predictor(quantized, team: WorkerTeam(threads: threads), chunk: chunk).logits(of: samples)
      #expect(found?.logits == expected, "\(threads) threads")
    }
    // Rounding moves the logits, but not far.
    let exact = try #require(Predictor(network, team: team).logits(of: samples)).logits
    let scale = exact.map(\.magnitude).max() ?? 1
    #expect(zip(exact, expected).allSatisfy { ($0 - $1).magnitude < 0.1 * scale })
    #expect(exact != expected)
  }

  @Test func rangesDependOnNoTeam() throws {
    let sample = Self.cases[9]
    let network = try sample.network(seed: 2)
    let samples = TestSamples.learnable(count: 23, shape: sample.shape, classes: 3)
    for percentile in [100, 99] as [Double] {
      let found = try [1, 2, 5].map {
        try network.quantized(on: samples, team: WorkerTeam(threads: $0), percentile: percentile).quantization
      }
      #expect(found[0] != nil && found.allSatisfy { $0 == found[0] })
    }
  }

  @Test func aPercentileNarrowsRanges() throws {
    let network = try Self.cases[2].network(seed: 2)
    let samples = TestSamples.learnable(count: 40, shape: Self.cases[2].shape, classes: 3)
    let team = WorkerTeam(threads: 1)
    let all = try #require(try network.quantized(on: samples, team: team, percentile: 100).quantization)
    let most = try #require(try network.quantized(on: samples, team: team, percentile: 95).quantization)
    for (name, range) in all.activations { #expect(try #require(most.activations[name]).scale < range.scale) }
    // Rectified activations start at 0.
    #expect(all.activations["relu1"]?.zeroPoint == 0 && most.activations["relu1"]?.zeroPoint == 0)
  }

  @Test func whatIsRoundedFollowsFromTheLayers() throws {
    let network = try Self.cases[9].network(seed: 1)
    let quantized = try network.quantized(
      on: TestSamples.learnable(count: 4, shape: Self.cases[9].shape, classes: 3), team: WorkerTeam(threads: 1))
    // A rectifier is part of what is before it, and norms are part of convolutions.
    #expect(
      quantized.rangeNames == [
        "residual1.body.relu1", "residual1.body.conv2", "residual1.shortcut.conv1", "relu1", "residual2.body.conv1",
        "residual2.sum", "pool1",
      ])
    let weights = [
      "residual1.body.conv1", "residual1.body.conv2", "residual1.shortcut.conv1", "residual2.body.conv1", "fc1",
    ]
    #expect(Set(try #require(quantized.quantization).weights.keys) == Set(weights.map { "\($0).weight" }))
    #expect(!quantized.tensors.contains { $0.name.contains("bn") })
    #expect(quantized.tensors.contains { $0.name == "residual1.body.conv1.bias" })
  }

  @Test func everyOtherLayerComputesInFloatingPoint() throws {
    let shape = Shape.image(height: 8, width: 8, channels: 4)
    let layers: [any Layer] = [
      SiLU(), GELU(), Activation(.hardSwish), Activation(.sigmoid), PReLU(), BatchNorm2D(), GroupNorm(groups: 2),
      LayerNorm(),
      LocalResponseNorm(size: 3), AveragePool2D(2), GlobalMaxPool(), ChannelSlice(start: 1, count: 2),
      ChannelShuffle(groups: 2), Branches(.multiply, [], [GlobalAveragePool(), Dense(6), Activation(.sigmoid)]),
      Branches(.add, [SiLU()], [], [ReLU()]),
    ]
    for layer in layers {
      let model = Model(name: "other", inputShape: shape, classNames: ["a", "b", "c"]) {
        Conv2D(outputChannels: 6, kernelSize: 3)
        layer
        Flatten()
        Dense(3)
      }
      let network = try Network(model, seed: 4)
      let samples = TestSamples.learnable(count: 9, shape: shape, classes: 3)
      let quantized = try network.quantized(on: samples, team: WorkerTeam(threads: 1))
      let exact = try #require(Predictor(network, team: WorkerTeam(threads: 1)).logits(of: samples)).logits
      let found = try [1, 3].map {
        try #require(Predictor(quantized, team: WorkerTeam(threads: $0), chunk: 4).logits(of: samples)).logits
      }
      #expect(found[0] == found[1], "\(layer)")
      let scale = exact.map(\.magnitude).max() ?? 1
      #expect(zip(exact, found[0]).allSatisfy { ($0 - $1).magnitude < 0.05 * scale }, "\(layer)")
    }
  }

  @Test func aNetworkCanEndInAPool() throws {
    let shape = Shape.image(height: 6, width: 6, channels: 3)
    let model = Model(name: "pool", inputShape: shape, classNames: ["a", "b"]) {
      Conv2D(outputChannels: 2, kernelSize: 3)
      ReLU()
      GlobalAveragePool()
      Dropout(0.2)
    }
    let samples = TestSamples.learnable(count: 9, shape: shape, classes: 2)
    let network = try Network(model, seed: 4)
    let quantized = try network.quantized(on: samples, team: WorkerTeam(threads: 1))
    let exact = try #require(Predictor(network, team: WorkerTeam(threads: 1)).logits(of: samples)).logits
    let found = try #require(Predictor(quantized, team: WorkerTeam(threads: 1)).logits(of: samples)).logits
    #expect(zip(exact, found).allSatisfy { ($0 - $1).magnitude < 0.02 })
    // The mean is not rounded to a byte.
    #expect(Set(found).count > 12)
  }

  @Test func trainingRemovesTheQuantization() throws {
    let sample = Self.cases[1]
    let samples = TestSamples.learnable(count: 9, shape: sample.shape, classes: 3)
    let team = WorkerTeam(threads: 1)
    let quantized = try sample.network(seed: 3).quantized(on: samples, team: team)
    let predictor = Predictor(quantized, team: team)
    let bytes = predictor.logits(of: samples)?.logits
    let trainer = Trainer(
      quantized, on: samples, optimizer: SGD(), schedule: ConstantSchedule(peak: 0.1), epochs: 1, batchSize: 9,
      team: team)
    #expect(quantized.quantization == nil)
    // The same predictor now computes in floating point.
    let floats = predictor.logits(of: samples)?.logits
    #expect(bytes != nil && floats != nil && floats != bytes)
    _ = try trainer.nextStep()
    #expect(predictor.logits(of: samples)?.logits != floats)
  }

  @Test func whatCannotBeQuantizedIsRefused() throws {
    let shape = Shape.image(height: 4, width: 4, channels: 2)
    let samples = TestSamples.learnable(count: 3, shape: shape, classes: 2)
    let team = WorkerTeam(threads: 1)
    let pools = try Network(
      Model(name: "pools", inputShape: shape, classNames: ["a", "b"]) { GlobalAveragePool() }, seed: 1)
    func refusal(_ network: Network) -> String? {
      #expect(throws: ModelError.self) { try network.quantized(on: samples, team: team) }?.description
    }
    #expect(refusal(pools) == "the model \"pools\" has no convolution or dense layer to quantize")
    let network = try Network(
      Model(name: "net", inputShape: shape, classNames: ["a", "b"]) {
        Conv2D(outputChannels: 3, kernelSize: 1)
        Flatten()
        Dense(2)
      }, seed: 1)
    let quantized = try network.quantized(on: samples, team: team)
    #expect(refusal(quantized) == "the network \"net\" is quantized already")
    let bias = try #require(network.tensors.first { $0.name == "conv1.bias" })
    network.importTensor(bias, [0, .infinity, 0])
    #expect(
      refusal(network)
        == "the activations of \"conv1\" are not finite on these samples; the weights or the samples are broken")
  }
}
