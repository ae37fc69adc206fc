internal import LinearAlgebraProbe
internal import Glibc

/// The speed of products, compared with that of a core's vector unit.
public struct ProductSpeed: Equatable, Sendable {
  /// Billions of floating-point operations per second in a product of the loaded BLAS.
  public let product: Double
  /// The same for multiplications and additions in registers alone, with the widest vectors that this processor has.
  public let vectorUnit: Double

  /// The fraction of the vector unit's speed that a product reaches.
  public var share: Double { product / vectorUnit }

  /// Measures both alternately on this thread for a few milliseconds, and takes the best of each, because other work on
  /// the machine can only make them slower.
  public static func measured() -> ProductSpeed {
    // The size of a layer's product in a small network.
    let (m, n, k) = (256, 128, 288)
    let (a, b) = ([Float](repeating: 1, count: m * k), [Float](repeating: 1, count: k * n))
    var c = [Float](repeating: 0, count: m * n)
    func multiply() -> Double {
      var result = c.mutableSpan
      MatrixProduct.blas.multiply(
        m: m, n: n, k: k, a.span, leadingDimensionA: k, b.span, leadingDimensionB: n, into: &result,
        leadingDimensionC: n)
      return 2 * Double(m * n * k)
    }
    func compute() -> Double {
      var sink: Float = 0
      return unsafe probe_vector_operations(Self.widestVectors, 20_000, &sink)
    }
    var best = (product: 0.0, vectorUnit: 0.0)
    let start = seconds
    // The first rounds also wake up the vector unit.
    var rounds = 0
    while rounds < 3 || (rounds < 20 && seconds - start < 0.02) {
      best.vectorUnit = max(best.vectorUnit, rate(of: compute))
      best.product = max(best.product, rate(of: multiply))
      rounds += 1
    }
    return ProductSpeed(product: best.product * 1e-9, vectorUnit: best.vectorUnit * 1e-9)
  }

  private static var widestVectors: Int32 {
    let kind =
      switch Processor.current?.vectors {
      case .avx512?: PROBE_AVX512
      case .avx2?: PROBE_AVX2
      case .avx?: PROBE_AVX
      case .sse?, nil: PROBE_SSE
      }
    return Int32(kind)
  }

  /// Operations per second of a function that returns how many it executed.
  private static func rate(of work: () -> Double) -> Double {
    let start = seconds
    let operations = work()
    return operations / max(1e-9, seconds - start)
  }

  private static var seconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
