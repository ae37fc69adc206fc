package import LinearAlgebra
package import JacquardEngine
internal import Runs
internal import Support

/// The speed of one pass of a convolution with several algorithms, and several implementations of the products they need,
/// on `threads` threads, each with separate images.
package struct ConvolutionBenchmark {
  package let convolution: ConvolutionCase
  package let pass: ConvolutionPass
  /// The implementations of products; the first stands for algorithms that need none.
  package let products: [MatrixProduct]
  /// Images per call, per thread.
  package let batch: Int
  package let threads: Int

  /// Describes a measurement.
  package init(
    convolution: ConvolutionCase, pass: ConvolutionPass, products: [MatrixProduct], batch: Int, threads: Int
  ) {
    self.convolution = convolution
    self.pass = pass
    self.products = products
    self.batch = batch
    self.threads = threads
  }

  /// An algorithm and its implementation of products.
  package struct Variant: Equatable {
    package let algorithm: ConvolutionAlgorithm
    package let product: MatrixProduct
    /// Whether the implementation of products matters.
    let multiplies: Bool
  }

  /// The measurement of a variant.
  package struct Figures {
    let microsecondsPerImage: Spread
    let gflops: Double
    let error: Double
    /// The speed relative to plain loops.
    let speedup: Double?
    /// The speed relative to the same algorithm with BLAS; only for portable products, and only if BLAS was measured too.
    let ratioToBLAS: Double?
  }

  /// The outcome of a variant.
  package enum Outcome {
    case measured(Figures)
    case failed(String)

    package var figures: Figures? { if case .measured(let figures) = self { figures } else { nil } }
  }

  /// The largest error due to rounding, relative to the largest value, in any pass of any algorithm: Winograd's transforms
  /// cost some digits.
  private static let tolerance = 1e-4

  /// Checks, then measures the algorithms that support the convolution; the products of one algorithm alternate.
  ///
  /// - Parameter measuresNaive: Whether to measure plain loops at least briefly, for comparison.
  package func measured(
    _ algorithms: [ConvolutionAlgorithm], with sampler: Sampler, measuresNaive: Bool
  ) throws -> [(variant: Variant, outcome: Outcome)] {
    let team = try WorkerTeam.started(threads: threads, isNamed: true)
    guard let reference = ConvolutionReference(convolution.layer, input: convolution.input, images: batch) else {
      return []
    }
    let expected = reference.result(of: pass)
    // All are checked before any is timed.
    let checked = algorithms.map { algorithm in
      variants(algorithm).map { variant in
        let probe = probe(variant.algorithm, variant.product)
        probe.run(repetitions: 1, team: team)
        let errors = (0..<threads).map { RelativeError.largest(probe.result(worker: $0), expected) }
        return (variant: variant, probe: probe, error: errors.reduce(0, max))
      }
    }
    func microseconds(_ probes: [ConvolutionProbe], _ sampler: Sampler) -> [Spread] {
      let samples = sampler.alternating(probes.map { probe in { probe.run(repetitions: $0, team: team) } })
      return samples.map { Spread($0.map { $0 * 1e6 / Double(batch * threads) }) }
    }
    let naiveProbe = checked.joined().first { $0.variant.algorithm == .naive }?.probe
    let naive: Spread? =
      if let naiveProbe {
        microseconds([naiveProbe], sampler.slow)[0]
      } else if measuresNaive {
        microseconds([probe(.naive, products[0])], sampler.brief)[0]
      } else {
        nil
      }
    return checked.flatMap { compared -> [(variant: Variant, outcome: Outcome)] in
      let sound = compared.filter { $0.error <= Self.tolerance }
      let isNaive = sound.first?.variant.algorithm == .naive
      let spreads = (isNaive ? naive.map { [$0] } : nil) ?? microseconds(sound.map(\.probe), sampler)
      let speeds = Dictionary(uniqueKeysWithValues: zip(sound.map(\.variant.product), spreads))
      return compared.map { variant, probe, error -> (variant: Variant, outcome: Outcome) in
        guard error <= Self.tolerance, let spread = speeds[variant.product] else {
          return (variant, .failed(Self.message(error)))
        }
        let blas = variant.product == .portable ? speeds[.blas] : nil
        let figures = Figures(
          microsecondsPerImage: spread, gflops: 2e-3 * Double(probe.multiplyAdds) / spread.median, error: error,
          speedup: naive.map { $0.median / spread.median }, ratioToBLAS: blas.map { $0.median / spread.median })
        return (variant, .measured(figures))
      }
    }
  }

  /// An algorithm with every implementation of products, or with the first if it does not matter; empty if the algorithm does not
  /// support the convolution.
  private func variants(_ algorithm: ConvolutionAlgorithm) -> [Variant] {
    guard let method = method(algorithm) else { return [] }
    return products.prefix(method.multiplies ? products.count : 1).map {
      Variant(algorithm: algorithm, product: $0, multiplies: method.multiplies)
    }
  }

  /// The method that an algorithm uses here; nil if it does not support the convolution.
  package func method(_ algorithm: ConvolutionAlgorithm) -> ConvolutionMethod? {
    ConvolutionProbe.method(algorithm, convolution.layer, input: convolution.input, pass: pass)
  }

  private func probe(_ algorithm: ConvolutionAlgorithm, _ product: MatrixProduct) -> ConvolutionProbe {
    ConvolutionProbe(
      convolution.layer, input: convolution.input, images: batch, pass: pass,
      options: ComputeOptions(algorithm: algorithm, product: product), workers: threads)
  }

  private static func message(_ error: Double) -> String {
    "the result is off by \(Float(error)) of its largest value; rounding explains at most \(Float(tolerance))"
  }

  /// The key of a variant's measurement.
  private func key(_ variant: Variant) -> JSONValue {
    [
      "shape": .string(convolution.shape), "pass": .string(pass.rawValue),
      "algorithm": .string(variant.algorithm.rawValue), "gemm": .string(variant.product.rawValue),
      "batch": .integer(batch), "threads": .integer(threads),
    ]
  }

  /// The row of a variant.
  package func row(_ variant: Variant, _ outcome: Outcome) -> BenchmarkRow {
    switch outcome {
    case .failed(let message): BenchmarkRow(key(variant), failure: message)
    case .measured(let figures):
      BenchmarkRow(
        key(variant), product: variant.product, ratioToBLAS: figures.ratioToBLAS,
        figures: [
          "layers": .array(convolution.layers.map(JSONValue.string)),
          "method": method(variant.algorithm).map { .string($0.rawValue) } ?? .null,
          "microseconds_per_image": .significant(figures.microsecondsPerImage.median),
          "microseconds_per_image_p10": .significant(figures.microsecondsPerImage.p10),
          "microseconds_per_image_p90": .significant(figures.microsecondsPerImage.p90),
          "effective_gflops": .significant(figures.gflops),
          "speedup_over_naive": figures.speedup.map { .significant($0) } ?? .null,
          "max_relative_error": .significant(figures.error, digits: 3),
        ])
    }
  }
}
