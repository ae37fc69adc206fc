internal import Datasets

extension DataSource.Part {
  /// The part's name in options and results.
  package var name: String {
    switch self {
    case .training: "train"
    case .validation: "validation"
    case .test: "test"
    }
  }
}
