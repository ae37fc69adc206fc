package import LinearAlgebra
internal import JacquardEngine
internal import Runs
package import Support

/// The speed of one matrix product on several threads, each of which computes its own.
package struct ProductBenchmark {
  package let product: ProductCase
  package let threads: Int

  /// Describes a measurement.
  package init(product: ProductCase, threads: Int) {
    self.product = product
    self.threads = threads
  }

  /// The measurement of one implementation.
  package struct Figures {
    let gflops: Spread
    let error: Double
    /// The speed relative to plain loops.
    let speedup: Double?
    /// The speed relative to BLAS; only for portable products, and only if BLAS was measured too.
    let ratioToBLAS: Double?
  }

  /// The outcome of an implementation.
  package enum Outcome {
    case measured(Figures)
    case failed(String)

    package var figures: Figures? { if case .measured(let figures) = self { figures } else { nil } }
  }

  /// Checks, then measures: plain loops first, then the others alternately.
  ///
  /// - Parameters:
  ///   - implementations: What to measure.
  ///   - measuresNaive: Whether to measure plain loops at least briefly, for comparison.
  package func measured(
    _ implementations: [MatrixProduct], with sampler: Sampler, measuresNaive: Bool
  ) throws -> [(implementation: MatrixProduct, outcome: Outcome)] {
    let probe = ProductProbe(
      m: product.m, n: product.n, k: product.k, transposesA: product.transposesA, workers: threads)
    let reference = ProductReference(product, a: probe.a, b: probe.b)
    let team = try WorkerTeam.started(threads: threads, isNamed: true)
    // All are checked before any is timed.
    let errors = implementations.map { implementation in
      probe.run(implementation, repetitions: 1, team: team)
      return (0..<threads).map { reference.error(of: probe.result(worker: $0)) }.reduce(0, max)
    }
    let tolerance = ProductReference.tolerance(k: product.k)
    let compared = zip(implementations, errors).filter { $0 != .naive && $1 <= tolerance }.map(\.0)
    func gflops(_ implementations: [MatrixProduct], _ sampler: Sampler) -> [MatrixProduct: Spread] {
      let operations = 2 * Double(product.multiplyAdds * threads)
      let samples = sampler.alternating(
        implementations.map { implementation in { probe.run(implementation, repetitions: $0, team: team) } })
      let spreads = samples.map { Spread($0.map { operations / $0 * 1e-9 }) }
      return Dictionary(uniqueKeysWithValues: zip(implementations, spreads))
    }
    var speeds: [MatrixProduct: Spread] = [:]
    if implementations.contains(.naive) {
      speeds = gflops([.naive], sampler.slow)
    } else if measuresNaive {
      speeds = gflops([.naive], sampler.brief)
    }
    speeds.merge(gflops(compared, sampler)) { $1 }
    return zip(implementations, errors).map { implementation, error in
      guard error <= tolerance, let spread = speeds[implementation] else {
        return (implementation, .failed(Self.message(error, tolerance)))
      }
      let blas = implementation == .portable ? speeds[.blas] : nil
      let figures = Figures(
        gflops: spread, error: error, speedup: speeds[.naive].map { spread.median / $0.median },
        ratioToBLAS: blas.map { spread.median / $0.median })
      return (implementation, .measured(figures))
    }
  }

  private static func message(_ error: Double, _ tolerance: Double) -> String {
    "the result is off by \(Float(error)) of its largest value; rounding explains at most \(Float(tolerance))"
  }

  /// The key of an implementation's measurement.
  package func key(_ implementation: MatrixProduct) -> JSONValue {
    [
      "m": .integer(product.m), "n": .integer(product.n), "k": .integer(product.k),
      "transpose": product.transposesA ? "a" : "none", "implementation": .string(implementation.rawValue),
      "threads": .integer(threads),
    ]
  }

  /// The row of an implementation.
  package func row(_ implementation: MatrixProduct, _ outcome: Outcome) -> BenchmarkRow {
    switch outcome {
    case .failed(let message): BenchmarkRow(key(implementation), failure: message)
    case .measured(let figures):
      BenchmarkRow(
        key(implementation), product: implementation, ratioToBLAS: figures.ratioToBLAS,
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
