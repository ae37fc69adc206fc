internal import Datasets

extension DataOptions {
  /// The folder that the options, the environment or the system's package name.
  func folder() throws(DatasetError) -> DataFolder { try Self.folder(data) }

  /// The folder that an argument, the environment or the system's package name.
  static func folder(_ data: String?) throws(DatasetError) -> DataFolder {
    var environment: [String: String] = [:]
    for name in ["JACQUARD_DATA", "XDG_DATA_HOME", "HOME"] { environment[name] = Environment.value(name) }
    return try DataFolder.find(argument: data, environment: environment)
  }
}
