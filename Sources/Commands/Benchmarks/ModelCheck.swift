internal import BLAS
internal import Jacquard

/// A model's results beside those of plain loops, from the same weights on the same few images.
///
/// Inference compares the logits; training the loss and the gradient of every parameter after one step. Gradients differ by more than
/// rounding: where a sum is all but zero, a ReLU or a max-pool may choose otherwise.
struct ModelCheck {
  /// The difference of the logits, or the largest of a loss and gradients; relative.
  let error: Double
  private let tolerance: Double

  /// The computation that the others are checked against.
  static let naive = ComputeOptions(algorithm: .naive, product: .naive)

  /// Computes both.
  init(model: Model, mode: BenchmarkMode, options: ComputeOptions, team: WorkerTeam) throws {
    let images = try SyntheticImages(model: model, count: Self.imageCount(try model.summary().multiplyAdds))
    switch mode {
    case .train:
      error = Self.error(
        of: try Self.step(model, options, images, team), from: try Self.step(model, Self.naive, images, team))
      tolerance = 1e-2
    case .inference:
      error = RelativeError.length(
        try Self.logits(model, options, images, team), try Self.logits(model, Self.naive, images, team))
      tolerance = 1e-3
    }
  }

  /// Whether the results agree. A result that is not a number agrees with nothing.
  var passes: Bool { error <= tolerance }

  /// What is wrong when they do not.
  var message: String {
    "the result is off by \(Float(error)) of the reference's length; at most \(Float(tolerance)) is rounding"
  }

  /// As many images as plain loops compute in about a second, between two and sixteen.
  private static func imageCount(_ multiplyAdds: Int) -> Int {
    min(16, max(2, 500_000_000 / max(1, multiplyAdds)))
  }

  private struct Step {
    let loss: Double
    let gradients: [[Float]]
  }

  /// One training step, in two shards.
  private static func step(
    _ model: Model, _ options: ComputeOptions, _ images: SyntheticImages, _ team: WorkerTeam
  ) throws -> Step {
    let network = try Network(model, options: options)
    try network.initialize(seed: 1)
    var configuration = TrainingConfiguration()
    configuration.batchSize = images.count
    configuration.shards = 2
    configuration.epochs = 1
    let trainer = Trainer(network: network, configuration: configuration, provider: images, team: team)
    var loss = Double.nan
    trainer.run { event in
      if case .step(let report) = event { loss = report.loss }
      return .proceed
    }
    let parameters = network.tensors.filter { $0.specification.role != nil }
    return Step(loss: loss, gradients: parameters.map { trainer.gradient(of: $0) })
  }

  private static func error(of step: Step, from reference: Step) -> Double {
    // A gradient that is nothing but rounding, such as that of a bias before a batch norm, is not judged by itself.
    let floor = 1e-3 * (reference.gradients.map(RelativeError.norm).max() ?? 0)
    let gradients = zip(step.gradients, reference.gradients).map { RelativeError.length($0, $1, floor: floor) }
    let loss = (step.loss - reference.loss).magnitude / reference.loss.magnitude
    // `max` would drop a NaN.
    return ([loss] + gradients).contains { !$0.isFinite } ? .infinity : gradients.reduce(loss, max)
  }

  private static func logits(
    _ model: Model, _ options: ComputeOptions, _ images: SyntheticImages, _ team: WorkerTeam
  ) throws -> [Float] {
    let network = try Network(model, options: options)
    try network.initialize(seed: 1)
    let predictor = Predictor(network, team: team, chunk: (images.count + team.count - 1) / team.count)
    // Nothing stops this prediction, so there always is one; an empty one would agree with no reference.
    return predictor.logits(of: images)?.logits ?? []
  }
}
