extension DataSource.Part {
  /// The part's names in names of arrays and folders, in lower case; the usual name first.
  var names: [String] {
    switch self {
    case .training: ["train", "training"]
    case .validation: ["val", "valid", "validation", "dev"]
    case .test: ["test", "testing"]
    }
  }
}
