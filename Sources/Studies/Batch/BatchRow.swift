internal import Files
package import JacquardEngine
internal import Runs
package import Support
internal import Terminal

/// The outcome of one evaluation of a batch: a row of its table.
package struct BatchRow: Equatable, Sendable {
  /// How the evaluation ended.
  package enum Status: String, Sendable {
    /// With figures.
    case ok
    /// With an error of the checkpoint or the data.
    case failed
    /// After the time limit.
    case timeout
  }

  /// Identifies a row: the same checkpoint on the same images, both byte for byte, in the same views.
  package struct Identity: Hashable, Sendable {
    package let checkpoint: String
    package let weightsSHA256: String
    package let data: String
    let dataSHA256: String
    package let split: String
    package let views: String
  }

  /// The value of every column, in the order of the columns.
  package let values: [JSONValue]

  private init(_ values: [BatchColumn: JSONValue]) {
    self.values = BatchColumn.allCases.map { values[$0] ?? .null }
  }

  /// A row with figures.
  package init(
    _ identity: Identity, model: String, members: Int = 1, parameters: Int, report: ClassificationReport,
    seconds: Double, views: Int, predictions: String?
  ) {
    var values = Self.values(identity, .ok)
    let figures: [BatchColumn: JSONValue] = [
      .exitCode: 0, .model: .string(model), .members: .integer(members), .parameters: .integer(parameters),
      .images: .integer(report.count), .loss: .rounded(report.loss, decimals: 6),
      .accuracy: .rounded(report.accuracy, decimals: 6),
      .accuracyLow: .rounded(report.accuracyInterval.low, decimals: 6),
      .accuracyHigh: .rounded(report.accuracyInterval.high, decimals: 6),
      .top3: .rounded(report.top3, decimals: 6), .macroF1: .rounded(report.macro.f1, decimals: 6),
      .calibrationError: .rounded(report.expectedCalibrationError, decimals: 6),
      .seconds: .rounded(seconds, decimals: 3),
      .imagesPerSecond: .rounded(Double(report.count * views) / max(1e-9, seconds), decimals: 1),
      .predictions: predictions.map(JSONValue.string) ?? .null,
    ]
    values.merge(figures) { $1 }
    self.init(values)
  }

  /// A row with an error.
  package init(_ identity: Identity, failure: Failure, wording: any Wording) {
    let (kind, text) = wording.description(of: failure)
    var values = Self.values(identity, .failed)
    values[.exitCode] = .integer(wording.code(of: kind))
    values[.error] = .string(text)
    self.init(values)
  }

  /// A row that was abandoned after `timeout` seconds.
  package init(_ identity: Identity, timeout: Double, wording: any Wording) {
    var values = Self.values(identity, .timeout)
    values[.exitCode] = .integer(wording.code(of: .someItemsFailed))
    values[.error] = .string(
      wording.text(of: "the evaluation exceeded \(.timeout) \(DurationText.text(timeout))"))
    self.init(values)
  }

  private static func values(_ identity: Identity, _ status: Status) -> [BatchColumn: JSONValue] {
    func text(_ value: String) -> JSONValue { value.isEmpty ? .null : .string(value) }
    return [
      .checkpoint: text(identity.checkpoint), .weightsSHA256: text(identity.weightsSHA256), .data: text(identity.data),
      .dataSHA256: text(identity.dataSHA256), .split: text(identity.split), .views: text(identity.views),
      .status: .string(status.rawValue), .ended: .string(SystemClock.timestamp),
    ]
  }

  /// Reads a row; nil if no batch can have written it.
  package init?(cells: [String]) {
    let columns = BatchColumn.allCases
    guard cells.count == columns.count else { return nil }
    let values = zip(columns, cells).compactMap { $0.value(of: $1) }
    guard values.count == columns.count else { return nil }
    self.values = values
    guard status != nil else { return nil }
  }

  /// Reads a row; nil if no batch can have written it.
  package init?(json: JSONValue) {
    let values = BatchColumn.allCases.compactMap { json[$0.rawValue] }
    guard values.count == BatchColumn.allCases.count else { return nil }
    self.values = values
    guard status != nil else { return nil }
  }

  /// The row for programs.
  package var json: JSONValue {
    .object(
      [.init(name: "schema", value: 1)]
        + zip(BatchColumn.allCases, values).map { .init(name: $0.rawValue, value: $1) })
  }

  /// The row as a line of CSV.
  package var csv: String { CSVText.row(values.map(BatchColumn.cell)) }

  /// The header line.
  package static let csvHeader = CSVText.row(BatchColumn.allCases.map(\.rawValue))

  private subscript(column: BatchColumn) -> JSONValue {
    zip(BatchColumn.allCases, values).first { $0.0 == column }?.1 ?? .null
  }

  private func text(_ column: BatchColumn) -> String { self[column].string ?? "" }

  /// The row's identity.
  package var identity: Identity {
    Identity(
      checkpoint: text(.checkpoint), weightsSHA256: text(.weightsSHA256), data: text(.data),
      dataSHA256: text(.dataSHA256), split: text(.split), views: text(.views))
  }

  /// How the evaluation ended; nil only while the row is being read.
  package var status: Status? { self[.status].string.flatMap(Status.init) }
  /// The error message.
  package var error: String { text(.error) }
  /// The fraction of correct predictions; nil if there are none.
  package var accuracy: Double? { self[.accuracy].number }
  /// Seconds to compute the predictions.
  package var seconds: Double { self[.seconds].number ?? 0 }
  /// The file of probabilities.
  package var predictions: String? { self[.predictions].string }

  /// A short summary.
  package var summary: String {
    accuracy.map { "accuracy \(NumberText.fixed($0, decimals: 4))" } ?? "\(status?.rawValue ?? ""): \(error)"
  }
}
