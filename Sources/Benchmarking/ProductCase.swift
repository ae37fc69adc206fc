/// A matrix product to measure: C `[m, n]` ← A `[m, k]` · B `[k, n]`.
package struct ProductCase: Equatable, Sendable {
  /// Rows of C.
  package let m: Int
  /// Columns of C.
  package let n: Int
  /// The inner dimension.
  package let k: Int
  /// Whether A is stored as `[k, m]`.
  package let transposesA: Bool
  /// Its use, in at most 15 characters.
  package let use: String

  /// Describes a product.
  package init(_ m: Int, _ n: Int, _ k: Int, transposesA: Bool = false, use: String) {
    (self.m, self.n, self.k) = (m, n, k)
    self.transposesA = transposesA
    self.use = use
  }

  /// Reads text such as `64x32x288`: m, n and k, each from 1 to 16384, at most 2³⁰ multiplications. Nil for other text.
  package init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    let sizes = parts.compactMap { $0 }.filter { 1...16_384 ~= $0 }
    guard sizes.count == 3, parts.count == 3, sizes.reduce(1, *) <= 1 << 30 else { return nil }
    self.init(sizes[0], sizes[1], sizes[2], use: "")
  }

  /// The number of multiply-adds.
  package var multiplyAdds: Int { m * n * k }

  /// A short form, such as `64×32×288`, with `ᵀ` if A is transposed.
  package var text: String { "\(m)×\(n)×\(k)\(transposesA ? " ᵀ" : "")" }

  /// The products that dominate the built-in models' time, at sizes that fit caches, and squares.
  ///
  /// A fixed list, so that results of different versions are comparable.
  package static let usual: [ProductCase] = [
    ProductCase(96, 32, 9, use: "first layer"),
    ProductCase(80, 16, 150, use: "lenet conv2"),
    ProductCase(48, 64, 288, use: "32→64 forward"),
    ProductCase(48, 288, 64, use: "32→64 data"),
    ProductCase(288, 64, 48, transposesA: true, use: "32→64 weights"),
    ProductCase(24, 64, 576, use: "64→64 forward"),
    ProductCase(576, 64, 24, transposesA: true, use: "64→64 weights"),
    ProductCase(20, 128, 384, use: "128→128 forward"),
    ProductCase(98, 64, 32, use: "32→64 Winograd"),
    ProductCase(784, 32, 288, use: "32→32, an image"),
    ProductCase(16, 64, 576, use: "dense forward"),
    ProductCase(576, 64, 16, transposesA: true, use: "dense weights"),
    ProductCase(64, 64, 64, use: "square"),
    ProductCase(128, 128, 128, use: "square"),
    ProductCase(256, 256, 256, use: "square"),
    ProductCase(512, 512, 512, use: "square"),
    ProductCase(1024, 1024, 1024, use: "square"),
  ]
}
