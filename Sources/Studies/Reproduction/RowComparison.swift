internal import Runs
internal import Terminal

/// Compares the rows of epochs with the recorded ones while a run is repeated, and reports the first difference.
final class RowComparison {
  private let recorded: RecordedRows?
  private let console: Console
  /// The epochs compared.
  private(set) var epochs: [Int] = []
  /// The first epoch whose row differs; nil if none does.
  private(set) var firstDifference: Int?

  /// Begins a comparison.
  init(_ recorded: RecordedRows?, console: Console) {
    self.recorded = recorded
    self.console = console
  }

  /// Compares an epoch.
  func add(_ summary: EpochSummary) {
    guard let row = recorded?[summary.epoch] else { return }
    epochs.append(summary.epoch)
    guard row != MetricsFile.row(summary), firstDifference == nil else { return }
    firstDifference = summary.epoch
    console.note("epoch \(summary.epoch): its row differs from the one in metrics.csv")
  }
}
