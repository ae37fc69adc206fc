import LinearAlgebra
import Testing

/// The products with known answers, and the speed that `doctor` shows.
struct ProductSelfTestTests {
  @Test(arguments: MatrixProduct.allCases)
  func findsNothingWhereNothingIsWrong(_ product: MatrixProduct) {
    #expect(ProductSelfTest.failure(of: product) == nil)
  }

  /// Products far larger than the caches, which use every block of a library's loops. They are exact, because all numbers are small integers.
  @Test(arguments: [(2048, 2048, 2048, false, false), (2047, 1999, 2051, true, false), (1025, 4097, 33, false, true)])
  func largeProductsAreExact(m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool) {
    // A = left · innerᵀ and B = inner · right, so C = (inner · inner) left · rightᵀ.
    func numbers(_ count: Int, _ factor: Int) -> [Float] { (0..<count).map { Float($0 * factor % 7 - 3) } }
    func outer(_ rows: [Float], _ columns: [Float]) -> [Float] { rows.flatMap { row in columns.map { row * $0 } } }
    let (left, inner, right) = (numbers(m, 5), numbers(k, 3), numbers(n, 2))
    let a = transposeA ? outer(inner, left) : outer(left, inner)
    let b = transposeB ? outer(right, inner) : outer(inner, right)
    let squares = inner.reduce(0) { $0 + $1 * $1 }
    var result = [Float](repeating: .nan, count: m * n)
    var c = result.mutableSpan
    MatrixProduct.blas.multiply(
      m: m, n: n, k: k, a.span, transposeA: transposeA, leadingDimensionA: transposeA ? m : k, b.span,
      transposeB: transposeB, leadingDimensionB: transposeB ? k : n, into: &c, leadingDimensionC: n)
    let wrong = (0..<m).first { row in (0..<n).contains { result[row * n + $0] != left[row] * right[$0] * squares } }
    #expect(wrong == nil)
  }

  @Test func thisLibraryIsAccepted() throws { try BLASLibrary.check() }

  @Test func speedsAreThoseOfProcessors() {
    let speed = ProductSpeed.measured()
    #expect(speed.product > 0 && speed.product.isFinite)
    #expect(speed.vectorUnit > 0 && speed.vectorUnit.isFinite)
    #expect(speed.share == speed.product / speed.vectorUnit)
  }

  @Test func anErrorSaysWhichLibraryWhereAndWhatToDo() {
    let library = BLASLibrary()
    let text = BLASError(fault: .computesWrong("of 2×2×2, 1.0 came out as 2.0"), library: library).description
    #expect(text.hasPrefix("\(library) (/"))
    #expect(text.contains("): it computes wrong products: of 2×2×2, 1.0 came out as 2.0; install another build"))
    #expect(BLASError(fault: .cannotRun, library: library).description.contains(" \(library.core) kernels need "))
    #expect(BLASError(fault: .hasThreads, library: library).description.contains("OpenMP"))
    let short = BLASError(fault: .tooLittleMemory(available: 60 << 20, needed: 256 << 20), library: library).description
    #expect(
      short.hasSuffix(
        ": a limit on memory (ulimit -v) leaves 60.0 MiB, but its products need 256.0 MiB; raise the limit"),
      "\(short)")
  }
}
