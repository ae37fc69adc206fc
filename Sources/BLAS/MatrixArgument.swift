internal import Support

/// One matrix of a product as the caller described it: how it is stored, and whether the caller's span can hold it.
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
  /// How many elements the caller's span has.
  let count: Int

  /// The largest size or leading dimension that a BLAS built with 32-bit integers can be told.
  static let limit = Int(Int32.max)

  /// The span's length that the description asks for: up to the last row's last number, without the gap behind it.
  ///
  /// Cannot overflow: rows and leading dimension are at most `limit`, so the product stays below 2⁶².
  private var requiredCount: Int {
    rows == 0 || columns == 0 ? 0 : (rows - 1) * leadingDimension + columns
  }

  /// Refuses a description that BLAS would refuse, or that would reach beyond the span.
  ///
  /// The sizes have been checked by `checkSizes` before. One test decides the good case; which of the rules was broken
  /// is found out only on the way down.
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

  /// Refuses sizes that are negative or that a BLAS built with 32-bit integers cannot be told.
  @inline(__always)
  static func checkSizes(m: Int, n: Int, k: Int) {
    // As unsigned numbers the negative ones are the largest: one compare per size finds both faults.
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
