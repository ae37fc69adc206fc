internal import BLAS
internal import Jacquard

/// What a model is measured at.
package enum BenchmarkMode: String, CaseIterable, Sendable {
  /// Whole training steps: drawing a batch, forward, backward, Adam.
  case train
  /// Answers to images, batch after batch, as `evaluate` computes them.
  case inference

  /// Images of a batch where nothing else is said.
  var usualBatch: Int { self == .train ? 128 : 100 }
}

/// The throughput of a whole model on synthetic images.
struct ModelBenchmark {
  let model: Model
  let mode: BenchmarkMode
  let options: ComputeOptions
  let batch: Int
  let threads: Int

  /// What tells this measurement from others.
  var key: JSONValue {
    [
      "model": .string(model.name), "mode": .string(mode.rawValue), "algorithm": .string(options.algorithm.rawValue),
      "gemm": .string(options.product.rawValue), "batch": .integer(batch), "threads": .integer(threads),
    ]
  }

  /// Checks, then measures.
  ///
  /// - Parameter measuresNaive: Whether to measure the plain loops too.
  func measured(with sampler: Sampler, measuresNaive: Bool) throws -> ModelMeasurement {
    let team = WorkerTeam(threads: threads)
    let check = try ModelCheck(model: model, mode: mode, options: options, team: team)
    if let failure = check.failure { return ModelMeasurement(benchmark: self, failure: failure) }
    let naive = ModelBenchmark(
      model: model, mode: mode, options: ModelCheck.naive, batch: min(batch, Self.naiveBatch), threads: threads)
    guard let imagesPerSecond = try imagesPerSecond(with: sampler, team: team) else {
      return ModelMeasurement(benchmark: self, failure: "training reached a loss or a gradient that is not finite")
    }
    return ModelMeasurement(
      benchmark: self, imagesPerSecond: imagesPerSecond,
      naiveImagesPerSecond: measuresNaive ? try naive.imagesPerSecond(with: sampler.brief, team: team)?.median : nil,
      multiplyAdds: try multiplyAdds, error: check.error)
  }

  /// Plain loops take as long per image in any batch, so a small one will do.
  private static let naiveBatch = 16

  /// Nil where training goes astray.
  private func imagesPerSecond(with sampler: Sampler, team: WorkerTeam) throws -> Spread? {
    let network = try Network(model, options: options)
    try network.initialize(seed: 1)
    let seconds =
      switch mode {
      case .train: try trainingSeconds(network, sampler, team)
      case .inference: try inferenceSeconds(network, sampler, team)
      }
    return seconds.map { Spread($0.map { Double(batch) / $0 }) }
  }

  /// The seconds of a training step; nil if a step failed and others would be too fast.
  private func trainingSeconds(_ network: Network, _ sampler: Sampler, _ team: WorkerTeam) throws -> [Double]? {
    var configuration = TrainingConfiguration()
    configuration.batchSize = batch
    // The run ends when the sampler has seen enough.
    configuration.epochs = 1 << 30
    let images = try SyntheticImages(model: model, count: batch * max(1, 4096 / batch))
    let trainer = Trainer(network: network, configuration: configuration, provider: images, team: team)
    var isSound = true
    let samples = sampler.samples { steps in
      var done = 0
      trainer.run { event in
        switch event {
        case .step: done += 1
        case .fault: isSound = false
        case .epoch: break
        }
        return done == steps || !isSound ? .stop : .proceed
      }
    }
    return isSound ? samples : nil
  }

  /// The seconds of a batch. Each call answers to as many batches as fill a sample, split over the workers as `evaluate` does.
  private func inferenceSeconds(_ network: Network, _ sampler: Sampler, _ team: WorkerTeam) throws -> [Double]? {
    let images = try SyntheticImages(model: model, count: max(batch, 4096))
    let predictor = Predictor(network, team: team, chunk: (batch + threads - 1) / threads)
    return sampler.samples { batches in _ = predictor.logits(of: images.repeated(count: batches * batch)) }
  }

  /// Multiplications, with an addition each, per image: as direct convolution needs them, whatever the algorithm does.
  ///
  /// Training adds the gradients of weights and of inputs, but nobody needs that of the first layer's input.
  private var multiplyAdds: Int {
    get throws {
      let summary = try model.summary()
      guard mode == .train else { return summary.multiplyAdds }
      return 3 * summary.multiplyAdds - (summary.rows.first { $0.multiplyAdds > 0 }?.multiplyAdds ?? 0)
    }
  }
}
