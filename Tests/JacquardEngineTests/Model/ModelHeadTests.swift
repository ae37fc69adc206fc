import JacquardEngine
import Testing

/// A new head for other classes: what is kept, what is new, and which models have none.
struct ModelHeadTests {
  @Test(arguments: ["lenet", "cnn", "vgg", "air-tiny", "mobilenet"])
  func onlyTheHeadIsNew(name: String) throws {
    let source = try Network(try Model.named(name), seed: 1)
    let model = try source.model.withHead(classNames: ["cat", "Dress", "dog", "Bag"])
    let network = try Network(model, seed: 2)
    let fresh = network.allValues
    #expect(try network.takeBody(of: source) == 2)
    let head = try model.headName
    for (index, tensor) in network.tensors.enumerated() {
      let given = source.exportTensor(try #require(source.tensor(tensor.name)))
      let found = network.exportTensor(tensor)
      guard tensor.name.hasPrefix(head + ".") else {
        #expect(found == given, "\(tensor.name)")
        continue
      }
      let size = found.count / 4
      func row(_ values: [Float], _ number: Int) -> [Float] { Array(values[number * size..<(number + 1) * size]) }
      // Dress is Fashion-MNIST's class 3, and Bag its class 8.
      #expect(row(found, 1) == row(given, 3) && row(found, 3) == row(given, 8))
      #expect(row(found, 0) == row(fresh[index], 0) && row(found, 2) == row(fresh[index], 2))
    }
  }

  @Test func numbersAreNoNames() throws {
    func network(_ classes: [String], seed: UInt64) throws -> Network {
      try Network(try Model.named("lenet", classNames: classes), seed: seed)
    }
    let source = try network((0..<20).map(String.init), seed: 1)
    #expect(try network((0..<10).map(String.init), seed: 2).takeBody(of: source) == 0)
    #expect(try network((0..<20).map(String.init), seed: 2).takeBody(of: source) == 20)
  }

  @Test func aConvolutionBeforeAPoolIsAHead() throws {
    let model = Model(name: "squeezed", classNames: ["a", "b"]) {
      Conv2D(outputChannels: 8, kernelSize: 3)
      ReLU()
      Conv2D(outputChannels: 2, kernelSize: 1)
      ReLU()
      GlobalAveragePool()
    }
    let wider = try model.withHead(classNames: ["x", "b", "y"], inputShape: .image(height: 9, width: 7, channels: 1))
    try wider.validate()
    let network = try Network(wider, seed: 3)
    #expect(try network.takeBody(of: try Network(model, seed: 4)) == 1)
    #expect(try wider.headName == "conv2")
  }

  @Test func theSizeMayChangeWhereNoWeightDependsOnIt() throws {
    let large = Shape.image(height: 64, width: 48, channels: 1)
    #expect(try Model.named("vgg").withHead(classNames: ["a", "b"], inputShape: large).inputShape == large)
    let error = try #require(throws: ModelError.self) {
      try Model.named("cnn").withHead(classNames: ["a", "b"], inputShape: large)
    }
    #expect(error.description.contains("fc1.weight would need other weights"), "\(error)")
  }

  @Test func aModelMayHaveNoHead() throws {
    let model = Model(name: "normed", classNames: ["a", "b"]) {
      Conv2D(outputChannels: 2, kernelSize: 3)
      BatchNorm2D()
      GlobalAveragePool()
    }
    let error = try #require(throws: ModelError.self) { try model.withHead(classNames: ["c"]) }
    #expect(error.description.contains("is bn1 (batch_norm2d)"), "\(error)")
  }
}
