/// The sizes of a product: op(A) `[m, k]`, op(B) `[k, n]`, C `[m, n]`.
struct ProductShape: CustomStringConvertible, Sendable {
  let m: Int
  let n: Int
  let k: Int

  init(_ m: Int, _ n: Int, _ k: Int) {
    (self.m, self.n, self.k) = (m, n, k)
  }

  var description: String { "m \(m) n \(n) k \(k)" }

  /// Single elements, rows and columns; primes; the widths of vectors, one less and one more; ten classes; sizes of
  /// layers; and, since OpenBLAS changes its method where m · n · k passes 1,000,000, both sides of it.
  static let table = [
    ProductShape(1, 1, 1), ProductShape(1, 17, 1), ProductShape(13, 1, 1), ProductShape(1, 1, 29),
    ProductShape(1, 64, 31), ProductShape(37, 1, 64), ProductShape(2, 3, 5), ProductShape(7, 11, 13),
    ProductShape(8, 8, 8), ProductShape(15, 15, 15), ProductShape(16, 16, 16), ProductShape(17, 17, 17),
    ProductShape(128, 10, 64), ProductShape(10, 64, 128), ProductShape(33, 6, 25), ProductShape(56, 32, 9),
    ProductShape(31, 48, 288), ProductShape(100, 100, 99), ProductShape(100, 100, 100), ProductShape(101, 100, 100),
    ProductShape(1, 1021, 983), ProductShape(97, 10, 1153), ProductShape(257, 67, 61),
  ]
}
