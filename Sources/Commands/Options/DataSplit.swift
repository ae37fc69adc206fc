internal import ArgumentParser
internal import Datasets

/// The parts of a data set, as named by options.
enum DataSplit: String, CaseIterable, ExpressibleByArgument {
  /// The training images.
  case train
  /// The validation images.
  case validation
  /// The test images.
  case test

  /// The corresponding part of the folder.
  var part: DataSource.Part {
    switch self {
    case .train: .training
    case .validation: .validation
    case .test: .test
    }
  }
}
