internal import BLAS
internal import Jacquard

/// The speed of one matrix product on so many threads, each of which computes it for itself.
struct ProductBenchmark {
  let product: ProductCase
  let threads: Int

  /// The measurement of one implementation.
  struct Figures {
    let gflops: Spread
    let error: Double
    let speedup: Double?
  }

  /// What an implementation came to.
  enum Outcome {
    case measured(Figures)
    case failed(String)

    var figures: Figures? { if case .measured(let figures) = self { figures } else { nil } }
  }

  /// Checks and measures.
  ///
  /// - Parameters:
  ///   - implementations: What to measure.
  ///   - measuresNaive: Whether plain loops are measured at least briefly, to compare with.
  func measured(
    _ implementations: [MatrixProduct], with sampler: Sampler, measuresNaive: Bool
  ) -> [(implementation: MatrixProduct, outcome: Outcome)] {
    let probe = ProductProbe(
      m: product.m, n: product.n, k: product.k, transposesA: product.transposesA, workers: threads)
    let reference = ProductReference(product, a: probe.a, b: probe.b)
    let team = WorkerTeam(threads: threads)
    // All are checked before any is timed.
    let errors = implementations.map { implementation in
      probe.run(implementation, repetitions: 1, team: team)
      return (0..<threads).map { reference.error(of: probe.result(worker: $0)) }.reduce(0, max)
    }
    func gflops(_ implementation: MatrixProduct, _ sampler: Sampler) -> Spread {
      let operations = 2 * Double(product.multiplyAdds * threads)
      let samples = sampler.samples { probe.run(implementation, repetitions: $0, team: team) }
      return Spread(samples.map { operations / $0 * 1e-9 })
    }
    let naive: Spread? =
      if implementations.contains(.naive) {
        gflops(.naive, sampler.slow)
      } else if measuresNaive {
        gflops(.naive, sampler.brief)
      } else {
        nil
      }
    return zip(implementations, errors).map { implementation, error in
      let tolerance = ProductReference.tolerance(k: product.k)
      guard error <= tolerance else { return (implementation, .failed(Self.message(error, tolerance))) }
      let speed = implementation == .naive ? naive : nil
      let spread = speed ?? gflops(implementation, sampler)
      let speedup = naive.map { spread.median / $0.median }
      return (implementation, .measured(Figures(gflops: spread, error: error, speedup: speedup)))
    }
  }

  private static func message(_ error: Double, _ tolerance: Double) -> String {
    "the result is off by \(Float(error)) of its largest value; at most \(Float(tolerance)) is rounding"
  }

  /// What tells the measurement of an implementation from others.
  func key(_ implementation: MatrixProduct) -> JSONValue {
    [
      "m": .integer(product.m), "n": .integer(product.n), "k": .integer(product.k),
      "transpose": product.transposesA ? "a" : "none", "implementation": .string(implementation.rawValue),
      "threads": .integer(threads),
    ]
  }

  /// The row of an implementation.
  func row(_ implementation: MatrixProduct, _ outcome: Outcome) -> BenchmarkRow {
    switch outcome {
    case .failed(let message): BenchmarkRow(key(implementation), failure: message)
    case .measured(let figures):
      BenchmarkRow(
        key(implementation),
        figures: [
          "use": .string(product.use),
          "gflops": .significant(figures.gflops.median),
          "gflops_p10": .significant(figures.gflops.p10),
          "gflops_p90": .significant(figures.gflops.p90),
          "speedup_over_naive": figures.speedup.map { .significant($0) } ?? .null,
          "max_relative_error": .significant(figures.error, digits: 3),
        ])
    }
  }
}
