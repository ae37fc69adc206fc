import Foundation
import Jacquard
import TestSupport
import Testing

/// `import Jacquard` provides data, engine and files; these tests use them together.
struct LibraryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func data(training: Int = 200, test: Int = 50) throws -> Dataset {
    try Dataset(contentsOf: SmallData.write(in: folder, training: training, test: test))
  }

  private static func model(for samples: some SampleDescription) -> Model {
    Model("tiny", for: samples) {
      MaxPool2D(4)
      Flatten()
      Dense(samples.classCount)
    }
  }

  @Test func aDataSetHasThreeParts() throws {
    let data = try data()
    #expect(data.shape == .fashionMNIST && data.classCount == 10 && data.classNames == FashionMNIST.classNames)
    #expect(data.normalization == .fashionMNIST)
    #expect(data.training.count == 180 && data.validation.count == 20 && data.test.count == 50)
    #expect(Set(data.training.indices).isDisjoint(with: data.validation.indices))
    // The same seed gives the same split, another seed a different one.
    let path = folder("data")
    #expect(try Dataset(contentsOf: path).validation.indices == data.validation.indices)
    #expect(try Dataset(contentsOf: path, seed: 2).validation.indices != data.validation.indices)
    let whole = try Dataset(contentsOf: path, validation: nil)
    #expect(whole.training.count == 200 && whole.validation.count == 0)
    #expect(throws: SettingError.self) { try Dataset(contentsOf: path, validation: .count(200)) }
  }

  @Test func aDataSetWithoutTestImagesHasNoneToAsk() throws {
    _ = try data()
    for name in ["images-idx3", "labels-idx1"] { folder.remove("data/t10k-\(name)-ubyte") }
    let data = try Dataset(contentsOf: folder("data"))
    #expect(data.test.count == 0)
    let network = try Network(Self.model(for: data), seed: 1)
    let error = try #require(throws: SampleError.self) { try network.evaluate(data.test) }
    #expect(error == .noSamples)
    #expect(error.description.hasPrefix("there are no samples"))
  }

  @Test func partsOfDifferentShapesAreRefused() throws {
    _ = try data()
    let header = SmallData.header(type: 0x08, [50, 27, 28])
    try folder.write(header + Data(count: 50 * 27 * 28), to: "data/t10k-images-idx3-ubyte")
    let error = try #require(throws: DatasetError.self) { try Dataset(contentsOf: folder("data")) }
    #expect(
      error.description.contains(
        "training and test images have different shapes: expected 28×28×1 for both, found 27×28×1 for testing"))
  }

  @Test func aDataSetIsFoundByItsName() throws {
    try SmallData.write(in: folder, folder: "share/jacquard/clothes")
    let environment = ["XDG_DATA_HOME": folder("share")]
    #expect(try DataSource.named("clothes", environment: environment).path == folder("share/jacquard/clothes"))
  }

  @Test func aMissingDataSetIsNamed() throws {
    for name in ["no-such-data", "no/such/data"] {
      let error = try #require(throws: DatasetError.self) { try DataSource.named(name, environment: [:]) }
      #expect(error.path == name && error.code == .nothingThere)
    }
  }

  @Test func augmentedSamplesAreThoseOfTheCommandLine() throws {
    let data = try data()
    let one = data.training.augmented(.flip, .shift(2), .erase)
    #expect(one.augmentation == (try Augmentation(parsing: "flip,shift=2,erase")))
    let other = try SampleSource(
      data.training.set, indices: data.training.indices, normalization: data.normalization,
      augmentation: Augmentation(parsing: "erase,flip,shift=2"), isShuffled: true, seed: 1)
    for number in [0, 7, 179] { #expect(one[number] == other[number]) }
    #expect((0..<180).contains { one[$0] != data.training[$0] })
    #expect(data.training.augmented(.flip).augmented()[3] == data.training[3])
  }

  @Test func aSampleIsWhatIsDrawn() throws {
    let data = try data()
    let sample = data.test[3]
    #expect(sample.shape == .fashionMNIST && sample.label == 3)
    let expected = data.test.set.pixels(at: 3).map { Float((Double($0) / 255 - 0.28604) / 0.35302) }
    #expect(sample.inputs == expected)
  }

  @Test func aNetworkIsSavedAndLoaded() throws {
    let data = try data()
    let network = try Network(Self.model(for: data), seed: 1)
    let path = folder("n.safetensors")
    try network.save(to: path)
    let loaded = try Network(contentsOf: path)
    #expect(loaded.model == network.model)
    for tensor in network.tensors { #expect(loaded.exportTensor(tensor) == network.exportTensor(tensor)) }
    #expect(try loaded.predict(data.test[0]) == network.predict(data.test[0]))
    // A run folder, and another folder.
    try folder.write(Data(contentsOf: URL(fileURLWithPath: path)), to: "run/weights/last.safetensors")
    #expect(try Network(contentsOf: folder("run")).model == network.model)
    let error = try #require(throws: NetworkFileError.self) { try Network(contentsOf: folder("data")) }
    #expect(error.description.contains(folder("data")))
  }

  @Test func filesThatAreNoNetworkAreRefused() throws {
    let data = try data()
    let network = try Network(Self.model(for: data), seed: 1)
    try network.save(to: folder("n.safetensors"))
    let content = try SafetensorsFile(contentsOf: folder("n.safetensors"))
    func message(_ change: (inout [String: String], inout [NamedTensor]) -> Void) throws -> String {
      var (metadata, tensors) = (content.metadata, content.tensors)
      // Changed on purpose, not damaged.
      metadata["jacquard.checksum"] = nil
      change(&metadata, &tensors)
      try SafetensorsFile(metadata: metadata, tensors: tensors).write(to: folder("other.safetensors"))
      return try #require(throws: NetworkFileError.self) { try Network(contentsOf: folder("other.safetensors")) }
        .description
    }
    let path = folder("other.safetensors")
    #expect(
      try message { metadata, _ in metadata["jacquard.model"] = nil }
        .hasPrefix("\(path): the file does not say which model it is for"))
    #expect(
      try message { metadata, _ in metadata["jacquard.model"] = "{}" }
        .hasPrefix("\(path): the model in its metadata cannot be used: "))
    #expect(try message { _, tensors in tensors.removeLast() }.contains("is missing in the file"))
    #expect(throws: NetworkFileError.self) { try network.save(to: folder("nowhere/n.safetensors")) }
    #expect(throws: NetworkFileError.self) { try Network(contentsOf: folder("nothing.safetensors")) }
  }

  @Test func evaluationAndAnswersAgree() throws {
    let data = try data()
    let network = try Network(Self.model(for: data), seed: 1)
    let report = try network.evaluate(data.test, threads: 2)
    #expect(report == (try network.evaluate(data.test, threads: 1)))
    let answers = try (0..<data.test.count).map { try network.predict(data.test[$0]) }
    let right = answers.enumerated().count { $1.classIndex == data.test[$0].label }
    #expect(report.count == 50 && report.correct == right)
    for answer in answers {
      #expect(answer.label == data.classNames[answer.classIndex])
      #expect(answer.probability == answer.probabilities.max())
      #expect(abs(answer.probabilities.reduce(0, +) - 1) < 1e-5)
    }
  }

  @Test func samplesOfAnotherModelAreRefused() throws {
    let data = try data()
    let network = try Network(
      Model(name: "other", inputShape: .image(height: 4, width: 4, channels: 1), classNames: ["a", "b"]) {
        Flatten()
        Dense(2)
      }, seed: 1)
    let expected = SampleError.shape(found: .fashionMNIST, expected: network.model.inputShape)
    #expect(throws: expected) { try network.evaluate(data.test) }
    #expect(throws: expected) { try network.predict(data.test[0]) }
    let two = try Network(
      Model(name: "two", classNames: ["a", "b"]) {
        Flatten()
        Dense(2)
      }, seed: 1)
    #expect(throws: SampleError.label(found: 2, classCount: 2)) { try two.evaluate(data.test) }
    #expect(try ["a", "b"].contains(two.predict(data.test[0]).label))
  }

  @Test func paddingMayFollowFromTheKernel() {
    #expect(Conv2D(4, kernelSize: 3, padding: .same) == Conv2D(outputChannels: 4, kernelSize: 3, padding: .same(3)))
    let kernel = Size2D(height: 5, width: 2)
    #expect(
      Conv2D(4, kernelSize: kernel, padding: .same, dilation: 2)
        == Conv2D(outputChannels: 4, kernelSize: kernel, padding: .same(kernel, dilation: 2), dilation: 2))
    #expect(Conv2D(4, kernelSize: 3) == Conv2D(outputChannels: 4, kernelSize: 3))
    #expect(Conv2D(4, kernelSize: 3, padding: .sides(Padding(2))).padding == Padding(2))
  }
}
