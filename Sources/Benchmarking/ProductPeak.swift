internal import LinearAlgebra
internal import JacquardEngine
internal import Runs
package import Support

/// The speed of large products, as a yardstick for everything else.
package struct ProductPeak: Equatable, Sendable {
  /// The number of threads, each with its own products.
  package let threads: Int
  /// Billions of floating-point operations per second, all threads together.
  package let gflops: Double

  /// Rows and columns of the product.
  private static let size = 1024

  /// Makes a known peak.
  package init(threads: Int, gflops: Double) {
    self.threads = threads
    self.gflops = gflops
  }

  /// Measures the peak for each thread count, without duplicates.
  package static func measured(threads: [Int], seconds: Double) throws -> [ProductPeak] {
    try threads.map { count in
      let probe = ProductProbe(m: size, n: size, k: size, workers: count)
      let team = try WorkerTeam.started(threads: count, isNamed: true)
      let samples = Sampler(seconds: min(0.5, seconds), minimumSamples: 3).samples {
        probe.run(.blas, repetitions: $0, team: team)
      }
      let operations = 2 * Double(size * size * size) * Double(count)
      return ProductPeak(threads: count, gflops: operations / Spread(samples).median * 1e-9)
    }
  }

  package var json: JSONValue { ["threads": .integer(threads), "gflops": .significant(gflops)] }

  package var text: String {
    "\(NumberText.fixed(gflops, decimals: 1)) GFLOP/s on \(threads) thread\(threads == 1 ? "" : "s")"
  }
}
