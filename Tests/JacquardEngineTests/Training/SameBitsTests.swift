import LinearAlgebra
import Datasets
import JacquardEngine
import TestSupport
import Testing

/// The promise of the same bits on any number of threads: for every named model, every algorithm and every augmentation.
struct SameBitsTests {
  private static let threads = [1, 2, 3, 4, 8]

  @Test(arguments: TestModels.quickNames, ConvolutionAlgorithm.allCases)
  func modelsAndAlgorithms(name: String, algorithm: ConvolutionAlgorithm) throws {
    let model = try Model.named(name)
    let options = ComputeOptions(algorithm: algorithm)
    let results = try Self.threads.map {
      try train(model, options, augmentation: "flip,shift=2,erase", threads: $0)
    }
    for (result, threads) in zip(results, Self.threads) {
      #expect(result == results[0], "\(threads) threads")
    }
    #expect(results[0].losses.allSatisfy { $0.isFinite })
  }

  @Test(arguments: MatrixProduct.allCases)
  func deepLayers(product: MatrixProduct) throws {
    let options = ComputeOptions(product: product)
    let results = try Self.threads.map { try train(TestModels.deep, options, augmentation: "none", threads: $0) }
    for (result, threads) in zip(results, Self.threads) { #expect(result == results[0], "\(threads) threads") }
    #expect(results[0].losses.allSatisfy { $0.isFinite })
  }

  @Test(arguments: MatrixProduct.allCases)
  func products(product: MatrixProduct) throws {
    let options = ComputeOptions(algorithm: .im2col, product: product)
    let model = try Model.named("lenet")
    let results = try Self.threads.map { try train(model, options, augmentation: "none", threads: $0) }
    for (result, threads) in zip(results, Self.threads) { #expect(result == results[0], "\(threads) threads") }
  }

  @Test(arguments: TestModels.quickNames)
  func augmentations(name: String) throws {
    let texts = [
      "none", "flip", "shift=1", "shift=3", "erase", "flip,shift=2", "flip,erase", "flip,shift=2,erase", "cutout=4",
      "rotate=20,scale=1.2,brightness=0.3,contrast=0.3", "randaugment=2:9", "mixup=0.4", "flip,mixup=0.4,cutmix=1",
    ]
    var losses: [[Double]] = []
    for text in texts {
      let model = try Model.named(name)
      let results = try Self.threads.map { try train(model, ComputeOptions(), augmentation: text, threads: $0) }
      for (result, threads) in zip(results, Self.threads) {
        #expect(result == results[0], "\(text), \(threads) threads")
      }
      losses.append(results[0].losses)
    }
    // The comparison would also hold if nothing were augmented.
    #expect(Set(losses).count == texts.count)
  }

  /// Every existing layer in one model, with every path through the update, in the default number of shards.
  @Test(arguments: TrainingConfiguration.OptimizerKind.allCases)
  func layersAndOptimizers(optimizer: TrainingConfiguration.OptimizerKind) throws {
    let json = try Self.everyLayer.json()
    for layer in LayerRegistry.layers { #expect(json.contains("\"\(layer.type)\""), "\(layer.type)") }
    for (nesterov, clipNorm) in [(false, nil), (true, 0.1)] as [(Bool, Double?)] {
      if nesterov, optimizer != .sgd { continue }
      var configuration = TrainingConfiguration()
      configuration.batchSize = 7
      configuration.shards = 8
      configuration.epochs = 4
      configuration.optimizer = optimizer
      configuration.momentum = optimizer == .sgd ? 0.9 : 0
      configuration.nesterov = nesterov
      configuration.weightDecay = 0.01
      configuration.labelSmoothing = 0.1
      configuration.schedule = .onecycle
      configuration.clipNorm = clipNorm
      let results = try Self.threads.map {
        try train(Self.everyLayer, ComputeOptions(), configuration, augmentation: "flip,shift=2,erase", threads: $0)
      }
      for (result, threads) in zip(results, Self.threads) { #expect(result == results[0], "\(threads) threads") }
      #expect(results[0].losses.allSatisfy { $0.isFinite })
    }
  }

  private static let everyLayer = Model(
    name: "every", inputShape: .image(height: 28, width: 28, channels: 1), classNames: FashionMNIST.classNames
  ) {
    Conv2D(outputChannels: 6, kernelSize: 3, stride: 2, padding: .same(3))
    BatchNorm2D()
    GELU()
    Residual {
      Conv2D(outputChannels: 6, kernelSize: 3, padding: .same(3), groups: 6)
      SiLU()
      Conv2D(outputChannels: 6, kernelSize: 1)
    }
    Branches(
      .concat, [GroupNorm(groups: 2), Activation(.hardSwish)], [ChannelSlice(start: 1, count: 2), LayerNorm()])
    ChannelShuffle(groups: 2)
    Branches(.multiply, [], [GlobalAveragePool(), Dense(8), Activation(.sigmoid)])
    Branches(.add, [Activation(.mish)], [], [Activation(.tanh)])
    LocalResponseNorm(size: 3, alpha: 0.1)
    ZeroPad2D(Padding(top: 1, left: 0, bottom: 0, right: 1))
    AveragePool2D(2)
    LeakyReLU()
    PReLU()
    Conv2D(outputChannels: 8, kernelSize: 3, dilation: 2)
    Residual {
      Residual {
        ReLU()
      }
      GlobalMaxPool()
    } shortcut: {
      MaxPool2D(3)
      GlobalAveragePool()
    }
    Flatten()
    Dense(16)
    PReLU(isShared: true)
    Dropout(0.3)
    Dense(10)
  }

  private struct Result: Equatable {
    var losses: [Double]
    var bits: [[UInt32]]
  }

  /// Three steps over images; the last batch of each epoch has fewer images than there are shards.
  private static var shortBatches: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.batchSize = 5
    configuration.shards = 4
    configuration.maxSteps = 3
    configuration.epochs = 2
    configuration.clipNorm = 10
    return configuration
  }

  private func train(
    _ model: Model, _ options: ComputeOptions, _ configuration: TrainingConfiguration = shortBatches,
    augmentation: String, threads: Int
  ) throws -> Result {
    let network = try Network(model, seed: 5, options: options)
    let trainer = Trainer(
      network: network, configuration: configuration, provider: try imageSamples(augmentation),
      team: WorkerTeam(threads: threads))
    var losses: [Double] = []
    trainer.run { event in
      if case .step(let report) = event { losses.append(report.loss) }
      return .proceed
    }
    return Result(losses: losses, bits: network.bits)
  }
}

/// Seven random images as the command line would draw them: in a different order for each epoch, augmented.
private func imageSamples(_ augmentation: String) throws -> SampleSource {
  var random = TestRandom(seed: 2)
  let set = ImageSet(
    shape: .fashionMNIST, classNames: FashionMNIST.classNames,
    images: (0..<7 * 784).map { _ in UInt8.random(in: 0...255, using: &random) }, labels: (0..<7).map { UInt16($0) })
  return try SampleSource(
    set, normalization: .fashionMNIST, augmentation: try Augmentation(parsing: augmentation), isShuffled: true, seed: 3)
}
