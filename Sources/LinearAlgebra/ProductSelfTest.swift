internal import LinearAlgebraProbe
internal import Support
internal import Synchronization

/// Products with known answers, computed by several threads at once.
///
/// A library without locks gives two threads the same memory for packed matrices. One whose kernels do not fit the
/// processor, or whose blocks do not fit its caches, fails even on a single thread.
package enum ProductSelfTest {
  /// How often each thread computes all of its products; this takes a few milliseconds in total.
  private static let rounds = 8

  /// What is wrong with an implementation; nil if every number is right.
  package static func failure(of product: MatrixProduct) -> String? {
    let threads = min(4, Hardware.processorCount)
    let found = Mutex<String?>(nil)
    let start = StartLine(parties: threads)
    together(on: threads) { thread in
      let cases = Case.shapes.map { Case(shape: $0, seed: thread) }
      for _ in 0..<rounds {
        for item in cases {
          guard let failure = item.failure(of: product, after: start) else { continue }
          found.withLock { $0 = $0 ?? failure }
          return
        }
      }
    }
    return found.withLock { $0 }
  }

  /// Runs `body` on several threads at once.
  private static func together(on threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let box = Box(body)
    unsafe probe_run_together(
      Int32(threads),
      { context, thread in
        if let context = unsafe context {
          unsafe Unmanaged<Box>.fromOpaque(context).takeUnretainedValue().body(Int(thread))
        }
      }, Unmanaged.passUnretained(box).toOpaque())
    withExtendedLifetime(box) {}
  }

  /// A closure with an address.
  private final class Box {
    let body: @Sendable (Int) -> Void
    init(_ body: @escaping @Sendable (Int) -> Void) { self.body = body }
  }

  /// Starts threads at the same moment, because conflicts happen when they take their memory. A thread whose partners
  /// are not running does not wait long.
  private final class StartLine: Sendable {
    private let parties: Int
    private let arrivals = Atomic<Int>(0)

    init(parties: Int) { self.parties = parties }

    func wait() {
      let place = arrivals.add(1, ordering: .acquiringAndReleasing).oldValue
      let everyone = (place / parties + 1) * parties
      for _ in 0..<2_000 where arrivals.load(ordering: .acquiring) < everyone {}
    }
  }

  /// One product whose numbers are known in advance.
  ///
  /// A = a · sᵀ and B = s · bᵀ give C = (s · s) a · bᵀ. All numbers are small integers, so any order of additions gives
  /// the same result.
  private struct Case {
    typealias Shape = (m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool)

    /// Sizes that are packed, and small ones for which a library may have kernels without packing; both stored normally
    /// and transposed.
    static let shapes: [Shape] = [
      (40, 43, 41, false, true), (104, 100, 112, false, false), (40, 41, 44, true, false), (24, 16, 72, false, false),
    ]
    /// How often a product is computed without a pause. Two threads that share memory by mistake keep it as long as
    /// neither pauses.
    static let repetitions = 8

    let shape: Shape
    let a: [Float]
    let b: [Float]
    let expected: [Float]

    init(shape: Shape, seed: Int) {
      // Sizes without a common period, and different on every thread.
      func numbers(_ count: Int, _ factor: Int) -> [Float] {
        (0..<count).map { Float(($0 * factor + seed * 3) % 7 - 3) }
      }
      let (left, inner, right) = (numbers(shape.m, 5), numbers(shape.k, 3), numbers(shape.n, 2))
      func outer(_ rows: [Float], _ columns: [Float], by factor: Float = 1) -> [Float] {
        rows.flatMap { row in columns.map { row * $0 * factor } }
      }
      self.shape = shape
      a = shape.transposeA ? outer(inner, left) : outer(left, inner)
      b = shape.transposeB ? outer(right, inner) : outer(inner, right)
      expected = outer(left, right, by: inner.reduce(0) { $0 + $1 * $1 })
    }

    func failure(of product: MatrixProduct, after start: StartLine) -> String? {
      let count = shape.m * shape.n
      var results = [Float](repeating: .nan, count: count * Self.repetitions)
      var c = results.mutableSpan
      start.wait()
      for repetition in 0..<Self.repetitions {
        var result = c.part(repetition * count..<(repetition + 1) * count)
        product.multiply(
          m: shape.m, n: shape.n, k: shape.k, a.span, transposeA: shape.transposeA,
          leadingDimensionA: shape.transposeA ? shape.m : shape.k, b.span, transposeB: shape.transposeB,
          leadingDimensionB: shape.transposeB ? shape.k : shape.n, into: &result, leadingDimensionC: shape.n)
      }
      guard let index = results.indices.first(where: { results[$0] != expected[$0 % count] }) else { return nil }
      return "of \(shape.m)×\(shape.n)×\(shape.k), \(expected[index % count]) came out as \(results[index])"
    }
  }
}
