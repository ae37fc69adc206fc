internal import Benchmarking
internal import Commands
internal import Figures
internal import Runs
internal import Studies
internal import Support

/// The contents of run folders besides weights and settings: progress, records, tables, and earlier benchmarks to compare with.
enum RunFiles {
  /// Rows of epochs, drawn as curves.
  static func readMetrics(_ bytes: [UInt8]) {
    guard
      let history = try? RunHistory(
        path: "fuzz", settings: TrainSettings(), record: ["result": ["test": ["loss": 1, "accuracy": 0.5]]],
        metrics: bytes),
      (try? history.requireEpochs()) != nil
    else { return }
    for panels in [Panels.curves([history]), Panels.schedule([history])] {
      guard let drawing = try? panels.drawing(), let picture = try? drawing.svg(.adaptive) else {
        preconditionFailure("curves cannot be drawn")
      }
      // The drawing writes non-finite numbers as a dash.
      precondition(!picture.contains("–"), "a position in the drawing is not finite")
    }
  }

  static func readRecord(_ bytes: [UInt8]) {
    FuzzFile.with(bytes) { path in
      guard let record = PastRecord(path: path) else { return }
      precondition(record.sessions.allSatisfy { $0["status"] != "running" })
    }
  }

  /// The table of a batch, which a later batch continues: as CSV after its line of names, and as JSON lines.
  static func readBatch(_ bytes: [UInt8]) {
    let header = Array((BatchRow.csvHeader + "\n").utf8)
    for (format, content) in [(BatchTable.Format.csv, header + bytes), (.jsonLines, bytes)] {
      guard let (rows, byteCount) = try? BatchTable.rows(of: content, format, path: "fuzz") else { continue }
      precondition(byteCount <= content.count)
      let lines = (format == .csv ? [BatchRow.csvHeader] : []) + rows.map(format.line)
      let written = Array(lines.map { $0 + "\n" }.joined().utf8)
      guard let again = try? BatchTable.rows(of: written, format, path: "again") else {
        preconditionFailure("a written table cannot be read")
      }
      precondition(
        again.rows == rows && again.byteCount == written.count, "rows change when they are written and read again")
    }
  }

  static func readBenchmark(_ bytes: [UInt8]) {
    FuzzFile.with(bytes) { path in
      for kind in [BenchmarkKind.gemm, .conv, .model] {
        guard let earlier = try? EarlierBenchmark(path: path, kind: kind) else { continue }
        let comparison = BenchmarkComparison(earlier.rows, with: earlier, kind: kind, tolerance: 0)
        precondition(comparison.rows.allSatisfy { !$0.isSlower || earlier.rows.count > 1 })
        _ = comparison.lines
        _ = earlier.machineDifference(from: .null)
      }
    }
  }
}
