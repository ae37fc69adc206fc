internal import ArgumentParser
internal import Datasets

/// The parts of a data set, as options name them.
enum DataSplit: String, CaseIterable, ExpressibleByArgument {
  /// The images to learn from.
  case train
  /// The images to be judged by.
  case test

  /// The part of the folder.
  var part: DataSource.Part { self == .train ? .training : .test }
}
