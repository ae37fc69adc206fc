internal import LinearAlgebra
package import Support
internal import Terminal

/// The result of a benchmark.
package struct BenchmarkReport: Sendable {
  private let kind: BenchmarkKind
  private let machine: JSONValue
  private let peaks: [ProductPeak]
  private let rows: [BenchmarkRow]
  private let comparison: BenchmarkComparison?

  /// Combines the parts of a result.
  ///
  /// - Parameter comparison: The comparison with an earlier result, if requested.
  package init(
    kind: BenchmarkKind, machine: JSONValue, peaks: [ProductPeak], rows: [BenchmarkRow],
    comparison: BenchmarkComparison? = nil
  ) {
    self.kind = kind
    self.machine = machine
    self.peaks = peaks
    self.rows = rows
    self.comparison = comparison
  }

  /// The result for programs.
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init(name: "schema", value: 1),
      .init(name: "benchmark", value: .string(kind.rawValue)),
      .init(name: "machine", value: machine),
      .init(name: "sgemm_peak", value: .array(peaks.map(\.json))),
      .init(name: "results", value: .array(rows.map(\.json))),
    ]
    if let comparison { members.append(.init(name: "comparison", value: comparison.json)) }
    return .object(members)
  }

  /// The result for people, around the benchmark's own table.
  package func lines(table: [String]) -> [String] {
    func text(_ name: String) -> String {
      switch machine[name] {
      case .string(let text)?: text
      case .integer(let number)?: String(number)
      default: "unknown"
      }
    }
    var facts = [
      ("machine", "\(text("cpu")), \(text("cores")) cores, \(text("vector_instructions"))"),
      ("BLAS", "\(text("blas")), one thread per worker"),
      ("kernels", [text("blas_core"), text("blas_core_reason")].filter { !$0.isEmpty }.joined(separator: ", ")),
      ("large product", peaks.map(\.text).joined(separator: ", ")),
    ]
    if case .string(MatrixProduct.portable.rawValue) = machine["inference_gemm"] {
      facts.append(("inference", Self.portableInference))
    }
    let head = TextTable.pairs(facts)
    let failures = rows.compactMap { row in
      row.failure.map { "failed: \(kind.name(of: row.json) ?? ""): \($0)" }
    }.flatMap { FoldedText.lines($0, columns: FoldedText.terminalColumns, indentation: 2) }
    let blocks = [head, table, failures, comparison?.lines ?? []].filter { !$0.isEmpty }
    return Array(blocks.joined(separator: [""]))
  }

  /// The note for inference without kernels that sum a row in an order that depends on the other rows.
  package static let portableInference = "with the portable kernels: BLAS's rows depend on each other"

  /// The failure of the command: failed checks first, then a slowdown.
  package func check() throws(Failure) {
    let failed = rows.count { $0.failure != nil }
    if failed > 0 {
      throw Failure(
        .someItemsFailed,
        "\(failed) of \(rows.count) rows failed and were not measured; the result says why.")
    }
    if let failure = comparison?.failure { throw failure }
  }
}
