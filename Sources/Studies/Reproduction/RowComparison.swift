internal import Runs
internal import Terminal

/// Compares the rows of epochs with the recorded ones while a run is trained again, and says so at the first that differs.
final class RowComparison {
  private let recorded: RecordedRows?
  private let console: Console
  /// The epochs that both have.
  private(set) var epochs: [Int] = []
  /// The first epoch whose row differs; nil where none does.
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
    console.note("epoch \(summary.epoch): its row in metrics.csv is not the recorded one")
  }
}
