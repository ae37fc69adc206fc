extension DataFolder {
  /// Finds the folder that a command should read Fashion-MNIST from.
  ///
  /// A folder that was named, by the argument or else by `$JACQUARD_DATA`, is the only one looked in: to fall back on another would answer a
  /// question that nobody asked. Otherwise the first of `$XDG_DATA_HOME/jacquard/fashion-mnist` (by default `~/.local/share`) and
  /// Debian's `/usr/share/datasets/fashion-mnist` that holds any of the files.
  ///
  /// - Parameters:
  ///   - argument: the folder that the user named on the command line, if any.
  ///   - environment: the environment variables.
  /// - Throws: `DatasetError` with every folder that was looked in.
  public static func find(argument: String?, environment: [String: String]) throws(DatasetError) -> DataFolder {
    try find(argument: argument, environment: environment, systemFolder: FashionMNIST.systemFolder)
  }

  /// The same search with another system folder; the tests have one that is empty.
  package static func find(
    argument: String?, environment: [String: String], systemFolder: String
  ) throws(DatasetError) -> DataFolder {
    let folders = candidates(argument: argument, environment: environment, systemFolder: systemFolder)
    for folder in folders {
      let candidate = DataFolder(path: folder)
      if candidate.holdsAnyFile { return candidate }
    }
    throw DatasetError(path: folders[0], code: .dataNotFound(folders: folders))
  }

  private static func candidates(
    argument: String?, environment: [String: String], systemFolder: String
  ) -> [String] {
    if let argument { return [argument] }
    if let named = environment["JACQUARD_DATA"], !named.isEmpty { return [named] }
    return [userDataFolder(environment), systemFolder].compactMap { $0 }
  }

  /// The XDG specification says to ignore a relative `$XDG_DATA_HOME`.
  private static func userDataFolder(_ environment: [String: String]) -> String? {
    let subfolder = "/jacquard/fashion-mnist"
    if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") { return base + subfolder }
    guard let home = environment["HOME"], !home.isEmpty else { return nil }
    return home + "/.local/share" + subfolder
  }
}
