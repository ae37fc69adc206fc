internal import Datasets

/// Which images are evaluated.
enum EvaluationSplit: String, CaseIterable, Sendable {
  /// The test set.
  case test
  /// The images that the checkpoint was trained on; the whole training set where it does not say.
  case train
  /// The images that its run had set aside.
  case validation

  /// The part of the data that the images are in.
  var part: DataSource.Part { self == .test ? .test : .training }
}
