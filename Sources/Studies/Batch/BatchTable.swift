package import Files
internal import Runs
package import Support
internal import Terminal

/// The table of a batch: a file that grows by one row at a time, on the disk before the next row begins.
package final class BatchTable {
  /// The format of rows.
  package enum Format: Sendable {
    /// Comma-separated values, with a header line.
    case csv
    /// A JSON object per line.
    case jsonLines

    /// The format for a file name's extension.
    package init(path: String) throws(Failure) {
      if path.endsWith(bytesOf: ".csv") {
        self = .csv
      } else if path.endsWith(bytesOf: ".jsonl") {
        self = .jsonLines
      } else {
        throw Failure(.usage, "\(.output) \(path): expected a name that ends in .csv or .jsonl; add the extension.")
      }
    }

    /// The line of a row.
    package func line(_ row: BatchRow) -> String {
      switch self {
      case .csv: row.csv
      case .jsonLines: row.json.text
      }
    }
  }

  /// The file.
  package let path: String
  /// The rows that it already contained.
  package let earlier: [BatchRow]
  private let format: Format
  private let file: AppendFile
  private let lock: FileLock

  /// Opens the table.
  ///
  /// - Parameters:
  ///   - resume: Whether it may already contain rows; an incomplete last line is then cut off.
  ///   - retry: Whether to remove failed rows.
  /// - Throws: a `Failure`: `cannotCreate` if the file is not empty and `resume` is false, or another process writes to it; `badData`
  ///   if it is not such a table.
  package init(path: String, resume: Bool, retry: Bool) throws {
    let format = try Format(path: path)
    try Folder.requireParent(of: path)
    if !Folder.isRegularFile(path) { try AppendFile(path: path).close() }
    guard let lock = try FileLock(path) else {
      throw Failure(
        .cannotCreate, "\(path): another batch is writing to this file; wait until it ends, or choose another file.")
    }
    let content =
      Folder.isRegularFile(path) ? try FileReader.bytes(ofFileAt: path, maximumByteCount: 1 << 32) : []
    guard resume || content.isEmpty else {
      throw Failure(
        .cannotCreate, "\(path): the file is not empty; continue it with \(.resume), or choose another file.")
    }
    let (rows, kept) = try Self.rows(of: content, format, path: path)
    let remaining = retry ? rows.filter { $0.status == .ok } : rows
    if remaining.count < rows.count {
      // This replaces the locked file too: the new one is then locked.
      let header = format == .csv ? [BatchRow.csvHeader] : []
      let lines = (header + remaining.map(format.line)).map { $0 + "\n" }
      try AtomicFile.write(text: lines.joined(), to: path)
      guard let newLock = try FileLock(path) else {
        throw Failure(.cannotCreate, "\(path): another batch is writing to this file; wait until it ends.")
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

  /// The complete rows of a file, and their size in bytes with the header.
  package static func rows(
    of content: [UInt8], _ format: Format, path: String
  ) throws(Failure) -> (rows: [BatchRow], byteCount: Int) {
    func refusal(_ line: Int) -> Failure {
      Failure(
        .badData, "\(path): line \(line) is not a row of a batch of this version; choose another file for \(.output).")
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
      // Content that does not even begin like the header is from another program.
      guard byteCount > 0 || (BatchRow.csvHeader + "\n").utf8.starts(with: content) else { throw refusal(1) }
    case .jsonLines:
      for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
        // After the last line feed comes nothing, or an incomplete line.
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
