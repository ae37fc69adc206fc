package import LinearAlgebra
package import JacquardEngine
internal import Runs
package import Support

/// What to measure of a model.
package enum BenchmarkMode: String, CaseIterable, Sendable {
  /// Whole training steps: drawing a batch, forward, backward, Adam.
  case train
  /// Inference, batch after batch, as in `evaluate`.
  case inference

  /// The default number of images per batch.
  package var usualBatch: Int { self == .train ? 128 : 100 }
}

/// The throughput of a whole model on synthetic images, with one or several implementations of matrix products.
package struct ModelBenchmark {
  package let model: Model
  package let mode: BenchmarkMode
  package let algorithm: ConvolutionAlgorithm
  package let products: [MatrixProduct]
  package let batch: Int
  package let threads: Int

  /// The models that are measured unless one is named: the small ones, so that a measurement is short.
  package static let usualModels = ["lenet", "cnn", "vgg"]

  /// Describes a measurement.
  package init(
    model: Model, mode: BenchmarkMode, algorithm: ConvolutionAlgorithm, products: [MatrixProduct], batch: Int,
    threads: Int
  ) {
    self.model = model
    self.mode = mode
    self.algorithm = algorithm
    self.products = products
    self.batch = batch
    self.threads = threads
  }

  /// The key of the measurement with a product implementation.
  package func key(_ product: MatrixProduct) -> JSONValue { key(gemm: product.rawValue) }

  private func key(gemm: String) -> JSONValue {
    [
      "model": .string(model.name), "mode": .string(mode.rawValue), "algorithm": .string(algorithm.rawValue),
      "gemm": .string(gemm), "batch": .integer(batch), "threads": .integer(threads),
    ]
  }

  /// All measurements as one line for people.
  package var name: String {
    BenchmarkKind.model.name(of: key(gemm: products.map(\.rawValue).joined(separator: "+"))) ?? ""
  }

  /// Checks, then measures; the product implementations alternate.
  ///
  /// - Parameter measuresNaive: Whether to measure the plain loops too.
  package func measured(with sampler: Sampler, measuresNaive: Bool) throws -> [ModelMeasurement] {
    let team = try WorkerTeam.started(threads: threads, isNamed: true)
    let checks = try products.map { try ModelCheck(model: model, mode: mode, options: options($0), team: team) }
    let sound = zip(products, checks).filter { $1.failure == nil }.map(\.0)
    let speeds = try imagesPerSecond(sound, with: sampler, team: team)
    var naiveSpeed: Double?
    if measuresNaive, !speeds.isEmpty {
      let naive = ModelBenchmark(
        model: model, mode: mode, algorithm: ModelCheck.naive.algorithm, products: [ModelCheck.naive.product],
        batch: min(batch, Self.naiveBatch), threads: threads)
      naiveSpeed = try naive.imagesPerSecond(naive.products, with: sampler.brief, team: team).values.first?.median
    }
    return try zip(products, checks).map { product, check in
      guard let speed = speeds[product] else {
        return ModelMeasurement(
          benchmark: self, product: product,
          failure: check.failure ?? "training reached a loss or a gradient that is not finite")
      }
      return ModelMeasurement(
        benchmark: self, product: product, imagesPerSecond: speed, naiveImagesPerSecond: naiveSpeed,
        blasImagesPerSecond: product == .portable ? speeds[.blas]?.median : nil, multiplyAdds: try multiplyAdds,
        error: check.error)
    }
  }

  private func options(_ product: MatrixProduct) -> ComputeOptions {
    ComputeOptions(algorithm: algorithm, product: product)
  }

  /// Plain loops take the same time per image in any batch, so a small one will do.
  private static let naiveBatch = 16

  /// The speed with each product implementation; omits those whose training diverges.
  private func imagesPerSecond(
    _ products: [MatrixProduct], with sampler: Sampler, team: WorkerTeam
  ) throws -> [MatrixProduct: Spread] {
    let works = try products.map { product in
      let network = try Network(model, seed: 1, options: options(product))
      return switch mode {
      case .train: try training(network, team)
      case .inference: try inference(network, team)
      }
    }
    let samples = sampler.alternating(works.map { work in { work.run(batches: $0) } })
    let sound = zip(products, zip(works, samples)).filter { $1.0.isSound }
    return Dictionary(
      uniqueKeysWithValues: sound.map { product, result in
        (product, Spread(result.1.map { Double(batch) / $0 }))
      })
  }

  /// Training steps, until one fails: later ones would be too fast.
  private func training(_ network: Network, _ team: WorkerTeam) throws -> ModelWork {
    var configuration = TrainingConfiguration()
    configuration.batchSize = batch
    // The run ends when the sampler has enough samples.
    configuration.epochs = 1 << 30
    let count = batch * max(1, 4096 / batch)
    let samples = try SyntheticImages(model: model, count: count).samples(count)
    let trainer = Trainer(network: network, configuration: configuration, provider: samples, team: team)
    return ModelWork { steps in
      for _ in 0..<steps where (try? trainer.nextStep()) == nil { return false }
      return true
    }
  }

  /// Inference on as many batches as fill a sample, split over the workers as in `evaluate`.
  private func inference(_ network: Network, _ team: WorkerTeam) throws -> ModelWork {
    let images = try SyntheticImages(model: model, count: max(batch, 4096))
    let predictor = Predictor(network, team: team, chunk: (batch + threads - 1) / threads)
    return ModelWork { batches in predictor.logits(of: images.samples(batches * batch)) != nil }
  }

  /// Multiply-adds per image in direct convolution, whatever the algorithm.
  ///
  /// Training adds the gradients of weights and of inputs, except that of the first layer's input, which is not needed.
  private var multiplyAdds: Int {
    get throws {
      let summary = try model.summary()
      guard mode == .train else { return summary.multiplyAdds }
      return 3 * summary.multiplyAdds - (summary.rows.first { $0.multiplyAdds > 0 }?.multiplyAdds ?? 0)
    }
  }
}
