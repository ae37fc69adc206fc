package import Files
internal import Support

/// `metrics.csv`: one row per epoch, written at its end.
package struct MetricsFile {
  /// The columns. Losses are means; accuracies are from 0 to 1; the validation columns are empty without a validation set.
  ///
  /// No column contains a time: the same run gives the same bytes. Times are in the run's events.
  package static let header =
    "epoch,steps,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy"

  private let file: AppendFile

  /// Creates the file with its header, or cuts an existing one to `byteCount` bytes.
  package init(path: String, keeping byteCount: Int) throws(FileError) {
    file = try AppendFile(path: path, keeping: byteCount)
    if file.isEmpty { try file.append(line: Self.header) }
  }

  /// The size of the file, after everything has reached the disk.
  func durableByteCount() throws(FileError) -> Int {
    try file.synchronize()
    return file.byteCount ?? 0
  }

  /// Adds an epoch's row.
  package func append(_ epoch: EpochSummary) throws(FileError) {
    try file.append(line: Self.row(epoch))
  }

  /// The row of an epoch.
  package static func row(_ epoch: EpochSummary) -> String {
    let cells: [String] = [
      String(epoch.epoch), String(epoch.steps), epoch.learningRate.description, score(epoch.training.loss),
      score(epoch.training.accuracy), epoch.validation.map { score($0.loss) } ?? "",
      epoch.validation.map { score($0.accuracy) } ?? "",
    ]
    return cells.joined(separator: ",")
  }

  private static func score(_ value: Double) -> String { NumberText.fixed(value, decimals: 6) }
}
