package import Support

/// What a benchmark measures, which members of a row identify the measurement, and which is its speed.
package enum BenchmarkKind: String, Sendable {
  /// Matrix products.
  case gemm
  /// Single convolutions.
  case conv
  /// Whole models.
  case model

  /// The members that identify a row.
  package var keys: [String] {
    switch self {
    case .gemm: ["m", "n", "k", "transpose", "implementation", "threads"]
    case .conv: ["shape", "pass", "algorithm", "gemm", "batch", "threads"]
    case .model: ["model", "mode", "algorithm", "gemm", "batch", "threads"]
    }
  }

  /// A row's speed, the higher the better; nil for a row without one, such as a failed one.
  package func speed(of row: JSONValue) -> Double? {
    let number: Double? =
      switch self {
      case .gemm: row["gflops"]?.double
      case .conv: row["microseconds_per_image"]?.double.map { 1 / $0 }
      case .model: row["images_per_second"]?["median"]?.double
      }
    return number.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }

  /// The members that identify a row, as one line for people; nil if one is missing.
  package func name(of row: JSONValue) -> String? {
    var words: [String] = []
    for key in keys {
      switch row[key] {
      case .string(let text)?: words.append(text)
      case .integer(let number)?: words.append("\(key) \(number)")
      default: return nil
      }
    }
    return words.joined(separator: " ")
  }
}

extension JSONValue {
  /// The value as a number, if it is one.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
