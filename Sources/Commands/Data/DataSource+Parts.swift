internal import Datasets

extension DataFolder.Part {
  /// The part's name in options and results.
  var name: String {
    switch self {
    case .training: "train"
    case .test: "test"
    }
  }
}
