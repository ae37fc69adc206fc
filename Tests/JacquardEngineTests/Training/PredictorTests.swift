import LinearAlgebra
import JacquardEngine
import Synchronization
import Testing

struct PredictorTests {
  private static let samples = TestSamples.learnable(
    count: 37, shape: TestModels.tiny.inputShape, classes: TestModels.tiny.classNames.count)

  private func network(seed: UInt64 = 1) throws -> Network {
    let network = try Network(TestModels.tiny, seed: seed)
    return network
  }

  @Test(arguments: [1, 2, 3, 4, 8])
  func answersDoNotDependOnTheTeam(threads: Int) throws {
    let network = try network()
    let expected = Predictor(network, team: WorkerTeam(threads: 1)).logits(of: Self.samples)
    let found = Predictor(network, team: WorkerTeam(threads: threads)).logits(of: Self.samples)
    #expect(found?.logits == expected?.logits)
    #expect(found?.labels == expected?.labels)
    #expect(found?.labels.count == 37)
  }

  /// Values derived from the weights must not outlive them.
  @Test func aPredictorNoticesThatItsNetworkChanged() throws {
    let network = try network()
    let predictor = Predictor(network, team: WorkerTeam(threads: 2))
    let before = try #require(predictor.logits(of: Self.samples)).logits
    #expect(try #require(predictor.logits(of: Self.samples)).logits == before)
    func expectNew(_ what: String) throws {
      let found = try #require(predictor.logits(of: Self.samples)).logits
      #expect(found != before, "after \(what)")
      #expect(found == Predictor(network, team: WorkerTeam(threads: 1)).logits(of: Self.samples)?.logits, "\(what)")
    }
    let snapshot = network.snapshot()
    var configuration = TrainingConfiguration()
    configuration.epochs = 1
    configuration.batchSize = 16
    Trainer(
      network: network, configuration: configuration, provider: Self.samples, team: WorkerTeam(threads: 1)
    ).run { _ in .proceed }
    try expectNew("training")
    network.restore(snapshot)
    #expect(try #require(predictor.logits(of: Self.samples)).logits == before)
    try network.initialize(seed: 2)
    try expectNew("initialization")
    network.restore(snapshot)
    let tensor = try #require(network.tensors.first)
    network.importTensor(tensor, network.exportTensor(tensor).map { $0 + 1 })
    try expectNew("an import")
  }

  @Test func fewerOrMoreSamplesThanBeforeAreAnsweredToo() throws {
    let network = try network()
    let predictor = Predictor(network, team: WorkerTeam(threads: 2), chunk: 4)
    for count in [1, 37, 3, 20] {
      let samples = TestSamples.learnable(
        count: count, shape: network.model.inputShape, classes: network.model.classNames.count)
      let found = try #require(predictor.logits(of: samples))
      #expect(found.labels.count == count)
      #expect(found.logits == Predictor(network, team: WorkerTeam(threads: 1), chunk: 4).logits(of: samples)?.logits)
    }
  }

  /// An image's answer is the same alone and among others, even if a layer's products are large.
  @Test func answersDoNotDependOnTheCompany() throws {
    let names = (0..<10).map { "class \($0)" }
    let model = Model(name: "wide", inputShape: .image(height: 28, width: 28, channels: 1), classNames: names) {
      Flatten()
      Dense(256)
      ReLU()
      Dense(10)
    }
    let network = try Network(model, seed: 1)
    func answers(_ count: Int, chunk: Int) throws -> [Float] {
      let samples = TestSamples.learnable(count: count, shape: model.inputShape, classes: 10)
      let predictor = Predictor(network, team: WorkerTeam(threads: 1), chunk: chunk)
      return try #require(predictor.logits(of: samples)).logits
    }
    let expected = try answers(64, chunk: 64)
    for chunk in [1, 3, 7, 32] { #expect(try answers(64, chunk: chunk) == expected, "\(chunk) at a time") }
  }

  @Test func aStopThatIsTakenBackStillStops() throws {
    let predictor = try Predictor(network(), team: WorkerTeam(threads: 1), chunk: 4)
    _ = predictor.logits(of: Self.samples)
    let asks = Counter()
    #expect(predictor.logits(of: Self.samples) { asks.next() == 2 } == nil)
  }

  @Test func aStoppedPredictionHasNoAnswers() throws {
    let predictor = try Predictor(network(), team: WorkerTeam(threads: 2), chunk: 4)
    let asks = Counter()
    #expect(predictor.logits(of: Self.samples) { asks.next() > 2 } == nil)
    #expect(predictor.logits(of: Self.samples) != nil)
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
  }
}
