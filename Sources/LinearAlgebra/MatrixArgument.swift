internal import Support

/// One matrix of a product as described by the caller: how it is stored, and whether the caller's span is large enough.
///
/// The matrix is stored row-major with `rows` rows of `columns` numbers, `leadingDimension` numbers from the start of
/// one row to the start of the next.
struct MatrixArgument {
  /// Which argument this is (`A`, `B` or `C`), for messages.
  let name: StaticString
  /// The rows as stored, before any transpose.
  let rows: Int
  /// The columns as stored, before any transpose.
  let columns: Int
  /// The distance from one row to the next, in elements.
  let leadingDimension: Int
  /// The number of elements in the caller's span.
  let count: Int

  /// The largest size or leading dimension for a BLAS with 32-bit integers.
  static let limit = Int(Int32.max)

  /// The required length of the span: up to the last number of the last row, without the gap after it.
  ///
  /// Cannot overflow: rows and leading dimension are at most `limit`, so the product stays below 2⁶².
  private var requiredCount: Int {
    rows == 0 || columns == 0 ? 0 : (rows - 1) * leadingDimension + columns
  }

  /// Rejects a description that BLAS would reject, or that exceeds the span.
  ///
  /// `checkSizes` has checked the sizes. One test covers the good case; only on failure is the violated rule
  /// determined.
  @inline(__always)
  func check() {
    let holds =
      leadingDimension >= max(1, columns) && leadingDimension <= Self.limit && requiredCount <= count
    if !holds { refuse() }
  }

  @inline(never)
  private func refuse() {
    require(
      leadingDimension >= max(1, columns),
      "leadingDimension\(name): expected at least \(max(1, columns)), the row length of \(name) "
        + "(\(rows)×\(columns) as stored), found \(leadingDimension)")
    require(
      leadingDimension <= Self.limit,
      "leadingDimension\(name): expected at most \(Self.limit), found \(leadingDimension)")
    require(
      requiredCount <= count,
      "\(name): expected a span of at least \(requiredCount) elements for \(rows)×\(columns) as stored with leading "
        + "dimension \(leadingDimension), found \(count)")
  }

  /// Rejects sizes that are negative or too large for a BLAS with 32-bit integers.
  @inline(__always)
  static func checkSizes(m: Int, n: Int, k: Int) {
    // As unsigned numbers, negative ones are the largest, so one comparison per size finds both faults.
    let bound = UInt(limit)
    let holds = UInt(bitPattern: m) <= bound && UInt(bitPattern: n) <= bound && UInt(bitPattern: k) <= bound
    if !holds { refuseSizes(m: m, n: n, k: k) }
  }

  @inline(never)
  private static func refuseSizes(m: Int, n: Int, k: Int) {
    for (name, size) in [("m", m), ("n", n), ("k", k)] {
      require(
        0...limit ~= size, "\(name): expected 0 to \(limit), found \(size) (in a product of m \(m), n \(n), k \(k))")
    }
  }
}
