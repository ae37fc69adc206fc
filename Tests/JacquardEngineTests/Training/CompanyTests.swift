import LinearAlgebra
import JacquardEngine
import TestSupport
import Testing

/// The promise that an image's answer depends on the image alone: not on the number of images, on the other images, on the chunk or on the threads.
/// It holds with every kernel that OpenBLAS may choose, so run this suite under each (`OPENBLAS_CORETYPE`).
struct CompanyTests {
  private static let counts = [1, 2, 3, 5, 7, 16, 31, 32, 33, 64]

  @Test(arguments: LayerGroup.table, ConvolutionCase.options)
  func layersGiveAnImageTheSameBitsAloneAndAmongOthers(group: LayerGroup, options: ComputeOptions) throws {
    // Plain loops are slow, and other images cannot affect their results.
    guard options.algorithm != .naive || group.isSmall else { return }
    let most = Self.counts.reduce(0, max)
    let sample = try LayerSample(group.layers, group.shape, images: most)
    let expected = try answers(sample, options, 0..<most)
    let perImage = expected.count / most
    for (number, count) in Self.counts.enumerated() {
      // Each count starts elsewhere, so that images have other positions than in the whole set.
      let first = min(number * 5 + 1, most - count)
      let found = try answers(sample, options, first..<first + count)
      expectSameBits(
        found, expected[first * perImage..<(first + count) * perImage], "\(count) images, \(options): \(group)")
    }
  }

  private func answers(_ sample: LayerSample, _ options: ComputeOptions, _ images: Range<Int>) throws -> [Float] {
    let probe = try LayerProbe(sample.layers, input: sample.shape, images: images.count, options: options)
    for tensor in probe.tensors { probe[tensor] = sample.tensors[tensor.name] ?? [] }
    let size = sample.shape.count
    return probe.forward(
      Array(sample.input[images.lowerBound * size..<images.upperBound * size]), isTraining: false)
  }

  @Test(arguments: CompanyModel.all)
  func modelsGiveTheSameBitsForEveryCountChunkAndThreads(item: CompanyModel) throws {
    let model = try item.model
    let network = try Network(model, seed: 1)
    let samples = TestSamples.learnable(count: 132, shape: model.inputShape, classes: model.classNames.count)
    func answers(_ samples: TestSamples, chunk: Int, threads: Int) throws -> [Float] {
      let predictor = Predictor(network, team: WorkerTeam(threads: threads), chunk: chunk)
      return try #require(predictor.logits(of: samples)).logits
    }
    let classes = model.classNames.count
    let expected = try answers(samples, chunk: 33, threads: 1)
    #expect(expected.allSatisfy(\.isFinite) && Set(expected.map(\.bitPattern)).count > classes)
    for (number, count) in Self.counts.enumerated() {
      for (chunk, threads) in [(1, 1), (1, 3), (3, 2), (7, 1), (7, 3), (32, 1), (32, 2), (33, 3)] {
        let first = (number * 13 + chunk) % (132 - count)
        let found = try answers(samples.part(first..<first + count), chunk: chunk, threads: threads)
        expectSameBits(
          found, expected[first * classes..<(first + count) * classes],
          "\(count) images from \(first) on, \(chunk) at a time on \(threads) threads: \(item)")
      }
    }
    for (chunk, threads) in [(1, 2), (3, 3), (7, 2), (32, 3), (132, 1)] {
      try expectSameBits(
        answers(samples, chunk: chunk, threads: threads), expected[...], "\(chunk) on \(threads) threads: \(item)")
    }
  }

  @Test(arguments: TestModels.quickNames, ConvolutionCase.options)
  func namedModelsGiveTheSameBitsWithEveryAlgorithmAndProduct(name: String, options: ComputeOptions) throws {
    guard name != "vgg" || options.algorithm != .naive else { return }
    let model = try Model.named(name)
    let network = try Network(model, seed: 2, options: options)
    let samples = TestSamples.learnable(count: 29, shape: model.inputShape, classes: 10)
    func answers(_ samples: TestSamples, chunk: Int) throws -> [Float] {
      let predictor = Predictor(network, team: WorkerTeam(threads: 2), chunk: chunk)
      return try #require(predictor.logits(of: samples)).logits
    }
    let expected = try answers(samples, chunk: 8)
    for chunk in [1, 3, 7] {
      try expectSameBits(answers(samples, chunk: chunk), expected[...], "\(chunk) at a time, \(options)")
    }
    for image in [0, 12, 28] {
      let alone = try answers(samples.part(image..<image + 1), chunk: 1)
      expectSameBits(alone, expected[image * 10..<(image + 1) * 10], "image \(image), \(options)")
    }
  }
}

/// Records an issue unless both have the same bits; it reports how many differ instead of printing them all.
private func expectSameBits(
  _ found: [Float], _ expected: ArraySlice<Float>, _ what: String, location: SourceLocation = #_sourceLocation
) {
  let differences = zip(found, expected).count { $0.bitPattern != $1.bitPattern }
  #expect(
    found.count == expected.count && differences == 0, "\(differences) of \(found.count) differ: \(what)",
    sourceLocation: location)
}

/// A few layers on a shape.
struct LayerGroup: Sendable, CustomStringConvertible {
  let layers: [any Layer]
  let shape: Shape

  init(_ shape: Shape, _ layers: any Layer...) {
    self.layers = layers
    self.shape = shape
  }

  var description: String { describe(layers, shape, 1) }

  /// Whether plain loops are fast enough for it.
  var isSmall: Bool { shape.count <= 1000 }

  private static func image(_ height: Int, _ width: Int, _ channels: Int) -> Shape {
    .image(height: height, width: width, channels: channels)
  }

  static let table = [
    // Dense layers: narrow, odd and wide ones, short and long sums, some above every bound of small kernels.
    LayerGroup(.vector(64), Dense(2)),
    LayerGroup(.vector(84), Dense(10)),
    LayerGroup(.vector(33), Dense(21)),
    LayerGroup(.vector(400), Dense(120), ReLU(), Dense(84), GELU(), Dense(10)),
    LayerGroup(.vector(784), Dense(256), SiLU(), Dense(10)),
    LayerGroup(.vector(77), Dense(1000)),
    LayerGroup(.vector(30), LayerNorm(), GroupNorm(groups: 5), LocalResponseNorm(size: 3), Activation(.mish)),
    LayerGroup(
      image(5, 7, 12), GroupNorm(groups: 3), Branches(.multiply, [], [GlobalAveragePool(), Activation(.sigmoid)]),
      Branches(.concat, [ChannelSlice(start: 2, count: 3)], [LayerNorm()]), Activation(.approximateGELU)),
    LayerGroup(.vector(1001), Dense(325), LeakyReLU()),
    LayerGroup(.vector(5000), Dense(17)),
    LayerGroup(.vector(1), Dense(1)),
    // Convolutions: whole tiles and remainders, patches in parts, groups, strides, few pixels and one.
    LayerGroup(image(28, 28, 1), Conv2D(outputChannels: 6, kernelSize: 5, padding: .same(5)), ReLU(), MaxPool2D(2)),
    LayerGroup(image(13, 13, 32), Conv2D(outputChannels: 64, kernelSize: 3), ReLU()),
    LayerGroup(image(14, 14, 32), Conv2D(outputChannels: 64, kernelSize: 3, padding: .same(3))),
    LayerGroup(image(5, 5, 64), Conv2D(outputChannels: 64, kernelSize: 3)),
    LayerGroup(image(7, 7, 128), Conv2D(outputChannels: 128, kernelSize: 3, padding: .same(3))),
    LayerGroup(image(3, 3, 512), Conv2D(outputChannels: 512, kernelSize: 3, padding: .same(3))),
    LayerGroup(image(9, 7, 10), Conv2D(outputChannels: 21, kernelSize: 3, stride: 2, padding: Padding(1))),
    LayerGroup(image(6, 5, 24), Conv2D(outputChannels: 12, kernelSize: 3, padding: Padding(1), groups: 4)),
    LayerGroup(image(8, 8, 32), Conv2D(outputChannels: 32, kernelSize: 3, stride: 2, padding: Padding(1), groups: 32)),
    LayerGroup(
      image(7, 9, 48), Conv2D(outputChannels: 48, kernelSize: 3, padding: Padding(1), groups: 48), ReLU(),
      Conv2D(outputChannels: 80, kernelSize: 1), ReLU()),
    LayerGroup(
      image(4, 3, 512), Conv2D(outputChannels: 512, kernelSize: 3, stride: 2, padding: Padding(1), groups: 512),
      Conv2D(outputChannels: 512, kernelSize: 1)),
    LayerGroup(image(7, 6, 40), Conv2D(outputChannels: 17, kernelSize: 1)),
    LayerGroup(image(2, 2, 300), Conv2D(outputChannels: 100, kernelSize: 2)),
    LayerGroup(image(9, 9, 6), Conv2D(outputChannels: 2, kernelSize: 3, dilation: 2)),
    // The layers that follow them.
    LayerGroup(
      image(8, 8, 6), Conv2D(outputChannels: 10, kernelSize: 3, padding: .same(3)), BatchNorm2D(), ReLU(), MaxPool2D(2),
      GELU(), AveragePool2D(2), GlobalAveragePool(), Dense(21)),
    LayerGroup(
      image(7, 5, 16), BatchNorm2D(), SiLU(),
      Residual {
        Conv2D(outputChannels: 16, kernelSize: 3, padding: .same(3), usesBias: false)
        BatchNorm2D()
        GELU()
        Conv2D(outputChannels: 16, kernelSize: 1)
      }, LeakyReLU(), MaxPool2D(3), GlobalMaxPool()),
    LayerGroup(image(5, 3, 7), Dropout(0.5), Flatten(), Dense(3)),
  ]
}

/// A model that answers.
enum CompanyModel: String, CaseIterable, CustomStringConvertible, Sendable {
  case lenet, cnn, vgg, wide, two, many, residual

  static let all = allCases

  var description: String { rawValue }

  var model: Model {
    get throws {
      switch self {
      case .lenet, .cnn, .vgg: try Model.named(rawValue)
      case .wide:
        Self.make(.fashionMNIST, classes: 10) {
          Flatten()
          Dense(256)
          ReLU()
          Dense(10)
        }
      case .two:
        Self.make(.image(height: 9, width: 9, channels: 3), classes: 2) {
          Conv2D(outputChannels: 18, kernelSize: 3, stride: 2, groups: 3)
          ReLU()
          Flatten()
          Dense(21)
          ReLU()
          Dense(2)
        }
      case .many:
        Self.make(.image(height: 12, width: 12, channels: 3), classes: 1000) {
          Conv2D(outputChannels: 20, kernelSize: 3)
          GELU()
          AveragePool2D(2)
          Flatten()
          Dense(1000)
        }
      case .residual:
        Self.make(.image(height: 10, width: 14, channels: 2), classes: 21) {
          Conv2D(outputChannels: 24, kernelSize: 3, padding: .same(3))
          BatchNorm2D()
          ReLU()
          Residual {
            Conv2D(outputChannels: 24, kernelSize: 3, padding: .same(3), usesBias: false)
            BatchNorm2D()
            SiLU()
            Conv2D(outputChannels: 24, kernelSize: 3, padding: .same(3), groups: 4)
          }
          MaxPool2D(2)
          Dropout(0.3)
          GlobalAveragePool()
          Dense(21)
        }
      }
    }
  }

  private static func make(_ shape: Shape, classes: Int, @LayerBuilder layers: () -> [any Layer]) -> Model {
    Model(name: "company", inputShape: shape, classNames: (0..<classes).map { "class \($0)" }, layers: layers)
  }
}

extension TestSamples {
  /// Some of the samples, in their order.
  func part(_ range: Range<Int>) -> TestSamples {
    TestSamples(
      shape: shape, images: Array(images[range.lowerBound * shape.count..<range.upperBound * shape.count]),
      labels: Array(labels[range]))
  }
}
