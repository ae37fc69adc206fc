internal import ArgumentParser
internal import Datasets

/// The parts of a data set, as options name them.
enum DataSplit: String, CaseIterable, ExpressibleByArgument {
  /// The images to learn from.
  case train
  /// The images to choose by while learning.
  case validation
  /// The images to be judged by.
  case test

  /// The part of the folder.
  var part: DataSource.Part {
    switch self {
    case .train: .training
    case .validation: .validation
    case .test: .test
    }
  }
}
