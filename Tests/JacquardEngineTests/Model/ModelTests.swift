import JacquardEngine
import Testing

/// Models as values: builder, named models, summaries.
struct ModelTests {
  @Test(arguments: [
    ("lenet", 61_706), ("air-tiny", 75_266), ("cnn", 93_322), ("vgg", 288_170), ("air", 496_546),
    ("mobilenet", 811_274),
    ("resnet18", 11_172_810),
  ])
  func namedModelsHaveTheirParameterCounts(name: String, count: Int) throws {
    #expect(try Model.named(name).summary().parameterCount == count)
  }

  /// CIFAR's shape and seven classes: the first and the last layer adapt, and so does the layer after a flatten.
  @Test(arguments: [
    ("lenet", 6 * 75 + 6 + 16 * 150 + 16 + 36 * 16 * 120 + 120 + 120 * 84 + 84 + 84 * 7 + 7),
    ("cnn", 32 * 27 + 32 + 64 * 288 + 64 + 64 * 576 + 64 + 16 * 64 * 64 + 64 + 64 * 7 + 7),
    ("vgg", 288_170 + 2 * 9 * 32 - 3 * 129),
    ("mobilenet", 811_274 + 2 * 9 * 32 - 3 * 513),
    ("resnet18", 11_172_810 + 2 * 9 * 64 - 3 * 513),
  ])
  func namedModelsTakeOtherImages(name: String, count: Int) throws {
    let model = try Model.named(
      name, inputShape: .image(height: 32, width: 32, channels: 3), classNames: (0..<7).map { "\($0)" },
      preprocessing: Normalization(mean: [0.1, 0.2, 0.3], deviation: [1, 2, 3]))
    #expect(try model.summary().parameterCount == count)
    #expect(model.preprocessing.mean == [0.1, 0.2, 0.3])
    #expect(try Model(json: model.json()) == model)
  }

  @Test(arguments: [
    ("lenet", 12), ("cnn", 18), ("vgg", 4), ("air", 10), ("air-tiny", 10), ("mobilenet", 16), ("resnet18", 8),
  ])
  func namedModelsSayWhichImagesAreTooSmall(name: String, smallest: Int) throws {
    func model(_ side: Int) throws -> Model {
      try Model.named(name, inputShape: .image(height: side, width: side, channels: 1))
    }
    try model(smallest).validate()
    #expect(throws: ModelError.self) { try model(smallest - 1).validate() }
  }

  @Test func unknownNamesGetAHint() {
    #expect(throws: ModelError.self) { try Model.named("") }
    #expect(errorMessage { try Model.named("lenett") } == "there is no model \"lenett\"; did you mean \"lenet\"?")
    #expect(
      errorMessage { try Model.named("transformer") }
        == "there is no model \"transformer\"; models: lenet, air-tiny, cnn, vgg, air, mobilenet, resnet18")
  }

  @Test func builderTakesConditionsAndLoops() {
    func build(isDeep: Bool, dropout: Float?) -> Model {
      Model(name: "built") {
        for channels in [4, 8] {
          Conv2D(outputChannels: channels, kernelSize: 3)
          if isDeep { ReLU() } else { GELU() }
        }
        if let dropout { Dropout(dropout) }
        [Flatten(), Dense(10)] as [any Layer]
      }
    }
    let types = build(isDeep: true, dropout: nil).layers.map { type(of: $0).type }
    #expect(types == ["conv2d", "relu", "conv2d", "relu", "flatten", "dense"])
    let others = build(isDeep: false, dropout: 0.5).layers.map { type(of: $0).type }
    #expect(others == ["conv2d", "gelu", "conv2d", "gelu", "dropout", "flatten", "dense"])
    #expect(build(isDeep: true, dropout: nil) == build(isDeep: true, dropout: nil))
    #expect(build(isDeep: true, dropout: nil).hashValue == build(isDeep: true, dropout: nil).hashValue)
    #expect(build(isDeep: true, dropout: 0.5) != build(isDeep: true, dropout: 0.25))
    #expect(build(isDeep: true, dropout: nil) != build(isDeep: false, dropout: nil))
  }

  /// Layers with one prefix are numbered together, but separately in each path of a block.
  @Test func layersAreNamedByPrefixAndNumber() throws {
    let names = try TestModels.tiny.summary().rows.map(\.name)
    #expect(
      names == [
        "conv1", "bn1", "relu1", "residual1", "residual1.body.conv1", "residual1.body.bn1", "residual1.body.relu1",
        "pool1", "flatten1", "dropout1", "fc1",
      ])
    let tensors = try Network(awaitingWeights: TestModels.tiny).tensors.map(\.name)
    #expect(
      tensors == [
        "conv1.weight", "conv1.bias", "bn1.weight", "bn1.bias", "residual1.body.conv1.weight",
        "residual1.body.bn1.weight", "residual1.body.bn1.bias", "fc1.weight", "fc1.bias", "bn1.running_mean",
        "bn1.running_var", "residual1.body.bn1.running_mean", "residual1.body.bn1.running_var",
      ])
  }

  /// A convolution has k·k·in·out weights and out biases and multiplies each of its H'·W' pixels by all weights.
  @Test func summaryOfLeNet() throws {
    let summary = try Model.lenet.summary()
    expectRows(
      summary,
      [
        ("conv1", "28×28×6", 5 * 5 * 1 * 6 + 6, 28 * 28 * 5 * 5 * 1 * 6),
        ("relu1", "28×28×6", 0, 0), ("pool1", "14×14×6", 0, 0),
        ("conv2", "10×10×16", 5 * 5 * 6 * 16 + 16, 10 * 10 * 5 * 5 * 6 * 16),
        ("relu2", "10×10×16", 0, 0), ("pool2", "5×5×16", 0, 0), ("flatten1", "400", 0, 0),
        ("fc1", "120", 400 * 120 + 120, 400 * 120), ("relu3", "120", 0, 0),
        ("fc2", "84", 120 * 84 + 84, 120 * 84), ("relu4", "84", 0, 0), ("fc3", "10", 84 * 10 + 10, 84 * 10),
      ])
    #expect(summary.multiplyAdds == 117_600 + 240_000 + 48_000 + 10_080 + 840)
    #expect(summary.stateCount == 0)
  }

  @Test func summaryOfCNN() throws {
    let summary = try Model.cnn.summary()
    expectRows(
      summary,
      [
        ("conv1", "26×26×32", 3 * 3 * 32 + 32, 26 * 26 * 9 * 32),
        ("relu1", "26×26×32", 0, 0), ("pool1", "13×13×32", 0, 0),
        ("conv2", "11×11×64", 9 * 32 * 64 + 64, 11 * 11 * 9 * 32 * 64),
        ("relu2", "11×11×64", 0, 0), ("pool2", "5×5×64", 0, 0),
        ("conv3", "3×3×64", 9 * 64 * 64 + 64, 3 * 3 * 9 * 64 * 64),
        ("relu3", "3×3×64", 0, 0), ("flatten1", "576", 0, 0),
        ("fc1", "64", 576 * 64 + 64, 576 * 64), ("relu4", "64", 0, 0), ("fc2", "10", 64 * 10 + 10, 64 * 10),
      ])
    #expect(summary.multiplyAdds == 194_688 + 2_230_272 + 331_776 + 36_864 + 640)
    #expect(summary.stateCount == 0)
  }

  /// A batch norm trains two numbers per channel, keeps two more, and multiplies every element once.
  @Test func summaryOfVGG() throws {
    let summary = try Model.vgg.summary()
    var rows: [(String, String, Int, Int)] = []
    var inputs = 1
    for (stage, (side, channels)) in [(28, 32), (14, 64), (7, 128)].enumerated() {
      let shape = "\(side)×\(side)×\(channels)"
      if stage > 0 { rows.append(("pool\(stage)", "\(side)×\(side)×\(inputs)", 0, 0)) }
      for layer in 1...2 {
        let number = 2 * stage + layer
        rows.append(("conv\(number)", shape, 9 * inputs * channels, side * side * 9 * inputs * channels))
        rows.append(("bn\(number)", shape, 2 * channels, side * side * channels))
        rows.append(("relu\(number)", shape, 0, 0))
        inputs = channels
      }
    }
    rows += [("pool3", "128", 0, 0), ("fc1", "10", 128 * 10 + 10, 128 * 10)]
    expectRows(summary, rows)
    #expect(summary.stateCount == 2 * 2 * (32 + 64 + 128))
  }

  /// Planned memory equals the plan, in bytes; that of inference is smaller.
  @Test(arguments: Model.names)
  func summaryTellsThePlannedMemory(name: String) throws {
    let model = try Model.named(name)
    let summary = try model.summary()
    let graph = try model.compile(options: ComputeOptions())
    let plans = [true, false].map { MemoryPlan(graph.withBlocks(isTraining: $0), isTraining: $0) }
    #expect(summary.trainingBytesPerImage == 4 * plans[0].floatsPerImage + plans[0].savedBytesPerImage)
    #expect(summary.inferenceBytesPerImage == 4 * plans[1].floatsPerImage + plans[1].savedBytesPerImage)
    #expect(summary.inferenceBytesPerImage < summary.trainingBytesPerImage)
    // Parameters, eight gradients and their sum, the optimizer's moments; and ten images.
    var configuration = TrainingConfiguration()
    configuration.batchSize = 10
    for (optimizer, momentum, moments) in [(.adam, 0, 2), (.adamw, 0, 2), (.sgd, 0.9, 1), (.sgd, 0, 0)]
      as [(TrainingConfiguration.OptimizerKind, Double, Int)]
    {
      (configuration.optimizer, configuration.momentum) = (optimizer, momentum)
      #expect(
        summary.trainingByteCount(configuration)
          == (10 + moments) * 4 * summary.parameterCount + 10 * summary.trainingBytesPerImage)
    }
    configuration.batchSize = .max
    #expect(summary.trainingByteCount(configuration) == nil)
    #expect(summary.inferenceByteCount(imagesPerWorker: 3, workers: 1) == 3 * summary.inferenceBytesPerImage)
  }

  private func expectRows(
    _ summary: ModelSummary, _ expected: [(name: String, shape: String, parameters: Int, multiplyAdds: Int)],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = summary.rows.map { "\($0.name) \($0.outputShape) \($0.parameterCount) \($0.multiplyAdds)" }
    let wanted = expected.map { "\($0.name) \($0.shape) \($0.parameters) \($0.multiplyAdds)" }
    #expect(found == wanted, sourceLocation: sourceLocation)
    #expect(summary.parameterCount == expected.reduce(0) { $0 + $1.parameters }, sourceLocation: sourceLocation)
    #expect(summary.multiplyAdds == expected.reduce(0) { $0 + $1.multiplyAdds }, sourceLocation: sourceLocation)
  }
}

/// The message of a model error; empty if nothing is thrown.
func errorMessage(_ body: () throws -> Model) -> String {
  do {
    _ = try body()
    return ""
  } catch {
    return "\(error)"
  }
}
