internal import Support
package import LinearAlgebra

/// Computes one matrix product repeatedly, on every worker of a team: `bench gemm` measures and checks it.
///
/// C `[m, n]` ← A · B with `B [k, n]`, and `A [m, k]` or its transpose as stored. All workers read the same A and B; each writes a separate C, which
/// starts as NaN.
package final class ProductProbe: Sendable {
  /// The elements of A as stored, row-major.
  package let a: [Float]
  /// The elements of B, row-major.
  package let b: [Float]
  private let job: ProductJob

  /// A probe with random matrices, uniform in −1…1.
  package init(m: Int, n: Int, k: Int, transposesA: Bool = false, workers: Int) {
    a = ProbeValues.uniform(count: m * k, name: "product.a")
    b = ProbeValues.uniform(count: k * n, name: "product.b")
    job = ProductJob(m: m, n: n, k: k, transposesA: transposesA, a: a, b: b, workers: workers)
  }

  /// Computes the product `repetitions` times on every worker of `team`, which must have as many workers as the probe.
  package func run(_ product: MatrixProduct, repetitions: Int, team: WorkerTeam) {
    require(team.count == job.workers, "ProductProbe: needs a team of \(job.workers) workers, found \(team.count)")
    job.prepare(product, repetitions: repetitions)
    team.run(job)
  }

  /// The result of worker `worker`, `[m, n]`.
  package func result(worker: Int) -> [Float] { job.result(worker: worker) }
}

private final class ProductJob: TeamJob, @unchecked Sendable {
  let workers: Int
  private let (m, n, k): (Int, Int, Int)
  private let transposesA: Bool
  private let a: Storage<Float>
  private let b: Storage<Float>
  private let c: Storage<Float>
  // Set before each run.
  private var product = MatrixProduct.blas
  private var repetitions = 0

  init(m: Int, n: Int, k: Int, transposesA: Bool, a: [Float], b: [Float], workers: Int) {
    (self.m, self.n, self.k) = (m, n, k)
    self.transposesA = transposesA
    self.workers = workers
    self.a = Storage(count: a.count)
    self.b = Storage(count: b.count)
    c = Storage(count: m * n * workers)
    self.a.set(a)
    self.b.set(b)
    c.set(Array(repeating: .nan, count: c.count))
  }

  func prepare(_ product: MatrixProduct, repetitions: Int) {
    self.product = product
    self.repetitions = repetitions
  }

  func result(worker: Int) -> [Float] { Array(c.copy()[worker * m * n..<(worker + 1) * m * n]) }

  func run(worker: Int, crew: Crew) {
    let (a, b, c) = (a, b, c)
    var result = c.write(worker * m * n..<(worker + 1) * m * n)
    for _ in 0..<repetitions {
      product.multiply(
        m: m, n: n, k: k, a.all, transposeA: transposesA, leadingDimensionA: transposesA ? m : k,
        b.all, leadingDimensionB: n, into: &result, leadingDimensionC: n)
    }
  }
}
