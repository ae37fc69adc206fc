package import Runs

/// One evaluation of a batch: a checkpoint on a split of a data set.
package struct BatchItem: Hashable, Sendable {
  /// The checkpoint as the user named it.
  package let checkpoint: String
  /// The data folder or file.
  package let data: String
  /// The part of the data.
  package let split: EvaluationSplit

  /// Describes an evaluation.
  package init(checkpoint: String, data: String, split: EvaluationSplit) {
    self.checkpoint = checkpoint
    self.data = data
    self.split = split
  }

  /// The item for people.
  package var name: String { "\(checkpoint), \(split.rawValue) of \(data)" }
}
