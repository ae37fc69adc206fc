internal import BLAS
internal import Jacquard

/// The speed of one pass of a convolution by several algorithms, on so many threads, each with images of its own.
struct ConvolutionBenchmark {
  let convolution: ConvolutionCase
  let pass: ConvolutionPass
  let product: MatrixProduct
  /// Images of a call, per thread.
  let batch: Int
  let threads: Int

  /// The measurement of one algorithm.
  struct Figures {
    let microsecondsPerImage: Spread
    let gflops: Double
    let error: Double
    let speedup: Double?
  }

  /// What an algorithm came to.
  enum Outcome {
    case measured(Figures)
    case failed(String)

    var figures: Figures? { if case .measured(let figures) = self { figures } else { nil } }
  }

  /// The error that rounding explains, relative to the largest value, in any pass of any algorithm: Winograd's transforms
  /// cost some digits.
  private static let tolerance = 1e-4

  /// Checks and measures those algorithms that suit the convolution.
  ///
  /// - Parameter measuresNaive: Whether plain loops are measured at least briefly, to compare with.
  func measured(
    _ algorithms: [ConvolutionAlgorithm], with sampler: Sampler, measuresNaive: Bool
  ) -> [(algorithm: ConvolutionAlgorithm, outcome: Outcome)] {
    let team = WorkerTeam(threads: threads)
    guard let reference = ConvolutionReference(convolution.layer, input: convolution.input, images: batch) else {
      return []
    }
    let expected = reference.result(of: pass)
    // All are checked before any is timed.
    let checked = algorithms.filter { method($0) != nil }.map { algorithm in
      let probe = probe(algorithm)
      probe.run(repetitions: 1, team: team)
      let errors = (0..<threads).map { RelativeError.largest(probe.result(worker: $0), expected) }
      return (algorithm: algorithm, probe: probe, error: errors.reduce(0, max))
    }
    func microseconds(_ probe: ConvolutionProbe, _ sampler: Sampler) -> Spread {
      let samples = sampler.samples { probe.run(repetitions: $0, team: team) }
      return Spread(samples.map { $0 * 1e6 / Double(batch * threads) })
    }
    let naiveProbe = checked.first { $0.algorithm == .naive }?.probe
    let naive: Spread? =
      if let naiveProbe {
        microseconds(naiveProbe, sampler.slow)
      } else if measuresNaive {
        microseconds(probe(.naive), sampler.brief)
      } else {
        nil
      }
    return checked.map { algorithm, probe, error in
      guard error <= Self.tolerance else { return (algorithm, .failed(Self.message(error))) }
      let speed = algorithm == .naive ? naive : nil
      let spread = speed ?? microseconds(probe, sampler)
      let figures = Figures(
        microsecondsPerImage: spread, gflops: 2e-3 * Double(probe.multiplyAdds) / spread.median, error: error,
        speedup: naive.map { $0.median / spread.median })
      return (algorithm, .measured(figures))
    }
  }

  /// The method that an algorithm means here; nil where it does not suit the convolution.
  func method(_ algorithm: ConvolutionAlgorithm) -> ConvolutionMethod? {
    ConvolutionProbe.method(algorithm, convolution.layer, input: convolution.input, pass: pass)
  }

  private func probe(_ algorithm: ConvolutionAlgorithm) -> ConvolutionProbe {
    ConvolutionProbe(
      convolution.layer, input: convolution.input, images: batch, pass: pass,
      options: ComputeOptions(algorithm: algorithm, product: product), workers: threads)
  }

  private static func message(_ error: Double) -> String {
    "the result is off by \(Float(error)) of its largest value; at most \(Float(tolerance)) is rounding"
  }

  /// What tells the measurement of an algorithm from others.
  private func key(_ algorithm: ConvolutionAlgorithm) -> JSONValue {
    [
      "shape": .string(convolution.shape), "pass": .string(pass.rawValue), "algorithm": .string(algorithm.rawValue),
      "gemm": .string(product.rawValue), "batch": .integer(batch), "threads": .integer(threads),
    ]
  }

  /// The row of an algorithm.
  func row(_ algorithm: ConvolutionAlgorithm, _ outcome: Outcome) -> BenchmarkRow {
    switch outcome {
    case .failed(let message): BenchmarkRow(key(algorithm), failure: message)
    case .measured(let figures):
      BenchmarkRow(
        key(algorithm),
        figures: [
          "layers": .array(convolution.layers.map(JSONValue.string)),
          "method": method(algorithm).map { .string($0.rawValue) } ?? .null,
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
