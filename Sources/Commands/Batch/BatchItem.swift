/// One evaluation of a batch: a checkpoint on a split of a data set.
struct BatchItem: Hashable, Sendable {
  /// The checkpoint as the user named it.
  let checkpoint: String
  /// The data folder or file.
  let data: String
  /// Which images.
  let split: EvaluationSplit

  /// The item for people.
  var name: String { "\(checkpoint), \(split.rawValue) of \(data)" }
}
