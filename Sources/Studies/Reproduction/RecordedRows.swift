internal import Files
internal import Runs

/// The rows of a run's `metrics.csv`, verbatim.
struct RecordedRows {
  private let rows: [Int: String]

  /// Reads the file; nil if it is missing, or has other columns than this version writes.
  init?(path: String) {
    guard let bytes = try? FileReader.bytes(ofFileAt: path, maximumByteCount: 1 << 28) else { return nil }
    // Text after the last line feed is an unfinished row of a killed process.
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard let header = lines.first, header == MetricsFile.header else { return nil }
    let numbered = lines.dropFirst().dropLast().compactMap { line in
      Int(line.prefix { $0 != "," }).map { ($0, String(line)) }
    }
    rows = Dictionary(numbered) { _, last in last }
  }

  /// The row of an epoch; nil if the file has none.
  subscript(epoch: Int) -> String? { rows[epoch] }
}
