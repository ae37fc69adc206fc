internal import Datasets

extension DataOptions {
  /// The folder that the options, the environment or the system's package name.
  func folder() throws(DatasetError) -> DataFolder {
    var environment: [String: String] = [:]
    for name in ["JACQUARD_DATA", "XDG_DATA_HOME", "HOME"] { environment[name] = Environment.value(name) }
    return try DataFolder.find(argument: data, environment: environment)
  }
}
