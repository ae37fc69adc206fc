package import LinearAlgebra
package import Support

/// A row of a benchmark's result: what was measured, and its figures or the reason why there are none.
package struct BenchmarkRow: Equatable, Sendable {
  /// What was measured.
  package let key: JSONValue
  /// The figures.
  package let figures: JSONValue
  /// Why there are no figures: the check before the measurement failed.
  package let failure: String?

  /// A row with figures.
  package init(_ key: JSONValue, figures: JSONValue) {
    self.key = key
    self.figures = figures
    failure = nil
  }

  /// A row with figures; for portable products, also the ratio of their speed to that of BLAS (null without BLAS).
  package init(_ key: JSONValue, product: MatrixProduct, ratioToBLAS: Double?, figures: JSONValue) {
    guard product == .portable, case .object(let members) = figures else {
      self.init(key, figures: figures)
      return
    }
    let ratio = ratioToBLAS.map { JSONValue.significant($0) } ?? .null
    self.init(key, figures: .object(members + [.init(name: "ratio_to_blas", value: ratio)]))
  }

  /// A row without figures.
  package init(_ key: JSONValue, failure: String) {
    self.key = key
    figures = .object([])
    self.failure = failure
  }

  /// The row for programs: its key, then its figures, or an `error`.
  package var json: JSONValue {
    guard case .object(let names) = key, case .object(let values) = figures else { return .null }
    return .object(names + values + (failure.map { [.init(name: "error", value: .string($0))] } ?? []))
  }
}
