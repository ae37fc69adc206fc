internal import BLAS
internal import Datasets
internal import JacquardEngine

/// A model's results beside those of plain loops, from the same weights on the same few images.
///
/// Inference compares the logits; training the loss and the gradient of every parameter after one step. Gradients differ by more than
/// rounding: where a sum is all but zero, a ReLU or a max-pool may choose otherwise.
struct ModelCheck {
  /// The difference of the logits, or the largest of a loss and gradients; relative.
  let error: Double
  private let tolerance: Double
  private let isReferenceFinite: Bool

  /// The computation that the others are checked against.
  static let naive = ComputeOptions(algorithm: .naive, product: .naive)

  /// Computes both.
  init(model: Model, mode: BenchmarkMode, options: ComputeOptions, team: WorkerTeam) throws {
    let count = Self.imageCount(try model.summary().multiplyAdds)
    let images = try SyntheticImages(model: model, count: count).samples(count)
    switch mode {
    case .train:
      let reference = try Self.step(model, Self.naive, images, team)
      error = try Self.step(model, options, images, team).error(from: reference)
      isReferenceFinite = reference.isFinite
      tolerance = 1e-2
    case .inference:
      let reference = try Self.logits(model, Self.naive, images, team)
      error = RelativeError.length(try Self.logits(model, options, images, team), reference)
      isReferenceFinite = reference.allSatisfy(\.isFinite)
      tolerance = 1e-3
    }
  }

  /// What is wrong; nil where the results agree. A result that is not a number agrees with nothing.
  var failure: String? {
    guard isReferenceFinite else {
      return "plain loops too give numbers that are not finite; the model or its preprocessing is at fault"
    }
    guard error > tolerance else { return nil }
    return "the result is off by \(Float(error)) of the reference's length; at most \(Float(tolerance)) is rounding"
  }

  /// As many images as plain loops compute in about a second, between two and sixteen.
  private static func imageCount(_ multiplyAdds: Int) -> Int {
    min(16, max(2, 500_000_000 / max(1, multiplyAdds)))
  }

  /// One training step, in two shards.
  private static func step(
    _ model: Model, _ options: ComputeOptions, _ images: SampleSource, _ team: WorkerTeam
  ) throws -> StepResult {
    let network = try Network(model, seed: 1, options: options)
    var configuration = TrainingConfiguration()
    configuration.batchSize = images.count
    configuration.shards = 2
    configuration.epochs = 1
    let trainer = Trainer(network: network, configuration: configuration, provider: images, team: team)
    let loss = (try? trainer.nextStep())?.loss ?? .nan
    let parameters = network.tensors.filter { $0.specification.role != nil }
    return StepResult(loss: loss, gradients: parameters.map { trainer.gradient(of: $0) })
  }

  private static func logits(
    _ model: Model, _ options: ComputeOptions, _ images: SampleSource, _ team: WorkerTeam
  ) throws -> [Float] {
    let network = try Network(model, seed: 1, options: options)
    let predictor = Predictor(network, team: team, chunk: (images.count + team.count - 1) / team.count)
    // Nothing stops this prediction, so there always is one; an empty one would agree with no reference.
    return predictor.logits(of: images)?.logits ?? []
  }
}
