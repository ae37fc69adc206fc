package import Files
internal import Runs
package import Support
internal import Terminal

/// The table of a batch: a file that grows row by row, each on the disk before the next begins.
package final class BatchTable {
  /// How rows are written.
  package enum Format: Sendable {
    /// Comma-separated values, under a line of names.
    case csv
    /// A JSON object per line.
    case jsonLines

    /// The format that a file's name asks for.
    package init(path: String) throws(Failure) {
      if path.endsWith(bytesOf: ".csv") {
        self = .csv
      } else if path.endsWith(bytesOf: ".jsonl") {
        self = .jsonLines
      } else {
        throw Failure(.usage, "\(.output) \(path): expected a name that ends in .csv or .jsonl; add the ending.")
      }
    }

    /// A row's line.
    package func line(_ row: BatchRow) -> String {
      switch self {
      case .csv: row.csv
      case .jsonLines: row.json.text
      }
    }
  }

  /// The file.
  package let path: String
  /// The rows that were in it before.
  package let earlier: [BatchRow]
  private let format: Format
  private let file: AppendFile
  private let lock: FileLock

  /// Opens the table.
  ///
  /// - Parameters:
  ///   - resume: Whether rows may be in it already; a torn last line is cut off then.
  ///   - retry: Whether those of them that failed are taken out.
  /// - Throws: a `Failure`: `cannotCreate` where there is something and `resume` is false, or where another process writes to it; `badData`
  ///   for a file that is no such table.
  package init(path: String, resume: Bool, retry: Bool) throws {
    let format = try Format(path: path)
    try Folder.requireParent(of: path)
    if !Folder.isRegularFile(path) { try AppendFile(path: path).close() }
    guard let lock = try FileLock(path) else {
      throw Failure(
        .cannotCreate, "\(path): another batch is writing to this file; wait until it has ended, or choose another.")
    }
    let content =
      Folder.isRegularFile(path) ? try FileReader.bytes(ofFileAt: path, maximumByteCount: 1 << 32) : []
    guard resume || content.isEmpty else {
      throw Failure(
        .cannotCreate, "\(path): there is something in this file; go on with it by \(.resume), or choose another.")
    }
    let (rows, kept) = try Self.rows(of: content, format, path: path)
    let remaining = retry ? rows.filter { $0.status == .ok } : rows
    if remaining.count < rows.count {
      // Also the lock's file is replaced: the new one is locked in its place.
      let header = format == .csv ? [BatchRow.csvHeader] : []
      let lines = (header + remaining.map(format.line)).map { $0 + "\n" }
      try AtomicFile.write(text: lines.joined(), to: path)
      guard let newLock = try FileLock(path) else {
        throw Failure(.cannotCreate, "\(path): another batch is writing to this file; wait until it has ended.")
      }
      self.lock = newLock
      file = try AppendFile(path: path)
    } else {
      self.lock = lock
      file = try AppendFile(path: path, keeping: Folder.isRegularFile(path) ? kept : nil)
    }
    if file.isEmpty, format == .csv { try file.append(line: BatchRow.csvHeader, synchronizing: true) }
    self.path = path
    self.format = format
    earlier = remaining
  }

  /// Adds a row and waits until it is on the disk.
  package func append(_ row: BatchRow) throws(FileError) {
    try file.append(line: format.line(row), synchronizing: true)
  }

  /// The whole rows of a file, and how many bytes they take with the header.
  package static func rows(
    of content: [UInt8], _ format: Format, path: String
  ) throws(Failure) -> (rows: [BatchRow], byteCount: Int) {
    func refusal(_ line: Int) -> Failure {
      Failure(
        .badData, "\(path): line \(line) is no row of a batch of this version; choose another file for \(.output).")
    }
    var rows: [BatchRow] = []
    var byteCount = 0
    switch format {
    case .csv:
      for (index, record) in CSVText.rows(of: content).enumerated() {
        byteCount = record.end
        if index == 0, record.cells == BatchColumn.allCases.map(\.rawValue) { continue }
        guard index > 0, let row = BatchRow(cells: record.cells) else { throw refusal(index + 1) }
        rows.append(row)
      }
      // What is not even a beginning of the header was written by somebody else.
      guard byteCount > 0 || (BatchRow.csvHeader + "\n").utf8.starts(with: content) else { throw refusal(1) }
    case .jsonLines:
      for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
        // Behind the last line feed stands nothing, or a torn line.
        if byteCount + line.count == content.count { break }
        byteCount += line.count + 1
        guard let value = try? JSONReader.value(of: Array(line)), let row = BatchRow(json: value) else {
          throw refusal(index + 1)
        }
        rows.append(row)
      }
      guard byteCount > 0 || content.isEmpty || content.first == UInt8(ascii: "{") else { throw refusal(1) }
    }
    return (rows, byteCount)
  }
}
