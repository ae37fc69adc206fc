import JacquardEngine
import TestSupport
import Testing

/// The larger named models, and the texts that stand for models of other images.
struct NamedModelTests {
  /// The names of torchvision's ResNet-18, as a rule; recorded from torchvision 0.28.
  private static var torchvisionNames: [String] {
    func norm(_ name: String) -> [String] {
      ["weight", "bias", "running_mean", "running_var"].map { "\(name).\($0)" }
    }
    var names = ["conv1.weight"] + norm("bn1") + ["fc.weight", "fc.bias"]
    for (layer, block) in (1...4).flatMap({ layer in (0...1).map { (layer, $0) } }) {
      let prefix = "layer\(layer).\(block)."
      for number in 1...2 { names += ["\(prefix)conv\(number).weight"] + norm("\(prefix)bn\(number)") }
      if layer > 1, block == 0 { names += ["\(prefix)downsample.0.weight"] + norm("\(prefix)downsample.1") }
    }
    return names
  }

  @Test(arguments: [("resnet18:32x32x3:10", 11_173_962, 3), ("resnet18:224x224x3:1000", 11_689_512, 7)])
  func resnet18HasTheTensorsOfTorchvision(text: String, count: Int, kernel: Int) throws {
    let tensors = try NamedModel(text).model().tensors()
    #expect(tensors.count == 102)
    #expect(tensors.map(\.name).sorted() == Self.torchvisionNames.sorted())
    let shapes = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.specification.order.fileShape) })
    let classes = text.hasSuffix("1000") ? 1000 : 10
    #expect(shapes["conv1.weight"] == [64, 3, kernel, kernel])
    #expect(shapes["layer1.1.conv2.weight"] == [64, 64, 3, 3])
    #expect(shapes["layer3.0.downsample.0.weight"] == [256, 128, 1, 1])
    #expect(shapes["layer4.0.conv1.weight"] == [512, 256, 3, 3])
    #expect(shapes["fc.weight"] == [classes, 512])
    let parameters = tensors.filter { $0.specification.role != nil }
    #expect(parameters.reduce(0) { $0 + $1.specification.order.count } == count)
  }

  /// The smaller side decides: up to 64 pixels the first convolution keeps the size, and no pool follows.
  @Test(arguments: [(64, 64, true), (65, 65, false), (64, 300, true), (300, 65, false), (8, 8, true)])
  func resnet18HasTwoStems(height: Int, width: Int, isSmall: Bool) throws {
    let shape = Shape.image(height: height, width: width, channels: 3)
    let rows = try Model.named("resnet18", inputShape: shape).summary().rows
    #expect(rows.contains { $0.type == "max_pool2d" } == !isSmall)
    #expect(rows[0].details.hasPrefix(isSmall ? "3×3, stride 1×1, padding 1" : "7×7, stride 2×2, padding 3"))
    let first = try #require(rows.first { $0.name == "layer1.0" }).outputShape
    let quarter = { (side: Int) in ((side + 1) / 2 + 1) / 2 }
    #expect(first.dimensions == (isSmall ? [height, width, 64] : [quarter(height), quarter(width), 64]))
  }

  @Test func mobilenetHasItsPairs() throws {
    let rows = try NamedModel("mobilenet:224x224x3:1000").model().summary().rows
    let convolutions = rows.filter { $0.type == "conv2d" }
    #expect(convolutions.count == 17)
    #expect(
      convolutions.map { $0.outputShape.channels } == [
        32, 32, 64, 64, 128, 128, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512,
      ])
    #expect(
      convolutions.map { $0.outputShape.height } == [
        112, 112, 112, 56, 56, 56, 56, 28, 28, 28, 28, 14, 14, 14, 14, 14, 14,
      ])
    #expect(rows.count { $0.type == "batch_norm2d" } == 17 && rows.count { $0.type == "relu" } == 17)
    #expect(rows.reduce(0) { $0 + $1.parameterCount } == 1_319_720)
  }

  @Test func tooSmallImagesAreRefusedInWords() {
    #expect(
      errorMessage { try Model.named("resnet18", inputShape: .image(height: 7, width: 30, channels: 3)) }
        == "the model \"resnet18\" divides the sides of its images by 8, so 7×30×3 is too small for it")
    #expect(errorMessage { try NamedModel("mobilenet:15x15x1").model() }.contains("by 16, so 15×15×1 is too small"))
  }

  @Test func textsSayShapeAndClasses() throws {
    let plain = try NamedModel("vgg").model()
    #expect(try plain == Model.named("vgg"))
    let shaped = try NamedModel("vgg:8x9x3").model()
    #expect(shaped.inputShape == .image(height: 8, width: 9, channels: 3))
    #expect(shaped.classNames == (0..<10).map { "\($0)" })
    #expect(try NamedModel("vgg:8x9x3:2").model().classNames == ["0", "1"])
    for text in [
      "vgg:", "vgg:8", "vgg:8x9", "vgg:8x9x3x1", "vgg:0x9x3", "vgg:8x9x-3", "vgg:8x9x3:", "vgg:8x9x3:0",
      "vgg:8x9x3:2:1", "vgg:8×9×3", "vgg:99999x8x3", "vgg:65536x65536x3", "vgg:8x9x3:65537", "vgg: 8x9x3",
    ] {
      #expect(errorMessage { try NamedModel(text).model() }.contains("as in \"vgg:224x224x3:1000\""), "\(text)")
    }
    #expect(errorMessage { try NamedModel("vgh:8x8x1").model() }.contains("did you mean \"vgg\"?"))
  }

  /// Weights say what channels, classes and stem their network has, and with layers behind a flatten its size.
  @Test(arguments: [
    ("resnet18:224x224x3:1000", "resnet18:224x224x3:1000"), ("resnet18:100x90x3:7", "resnet18:224x224x3:7"),
    ("resnet18:48x48x3:7", "resnet18:32x32x3:7"), ("resnet18:28x28x1:5", "resnet18:28x28x1:5"),
    ("mobilenet:96x96x4:3", "mobilenet:32x32x4:3"), ("cnn:64x64x3:7", "cnn:64x64x3:7"),
    ("lenet:32x32x1:3", "lenet:32x32x1:3"),
  ])
  func aNameFitsWeights(of text: String, as expected: String) throws {
    let name = String(text.prefix { $0 != ":" })
    let tensors = try NamedModel(text).model().tensors()
    let shapes = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.specification.order.fileShape) })
    #expect(try NamedModel(name).model(fitting: shapes) == NamedModel(expected).model())
    // Where nothing fits, or the text says its shape, nothing is guessed.
    #expect(try NamedModel(name).model(fitting: ["conv1.weight": [1, 2, 3, 4]]) == NamedModel(name).model())
    #expect(try NamedModel("\(name):33x33x1").model(fitting: shapes) == NamedModel("\(name):33x33x1").model())
  }

  @Test(arguments: ["mobilenet", "resnet18"])
  func aStepHasTheSameBitsOnAnyNumberOfThreads(name: String) throws {
    let model = try Model.named(name, inputShape: .image(height: 16, width: 16, channels: 3))
    var configuration = TrainingConfiguration()
    configuration.batchSize = 6
    configuration.shards = 3
    configuration.maxSteps = 1
    let samples = TestSamples.learnable(count: 6, shape: model.inputShape, classes: 10)
    let results = try (1...3).map { threads in
      let network = try Network(model, seed: 3)
      let first = network.bits
      Trainer(network: network, configuration: configuration, provider: samples, team: WorkerTeam(threads: threads))
        .run { _ in .proceed }
      #expect(network.bits != first)
      return network.bits
    }
    #expect(results[1] == results[0], "two threads")
    #expect(results[2] == results[0], "three threads")
    #expect(results[0].allSatisfy { $0.allSatisfy { Float(bitPattern: $0).isFinite } })
  }
}
