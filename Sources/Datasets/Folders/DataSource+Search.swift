internal import Support
internal import Files
internal import Samples

extension DataSource {
  /// Finds the data set that a command should read.
  ///
  /// A data set named by the argument or else by `$JACQUARD_DATA` is the only candidate: falling back on another one
  /// would answer a different question. Otherwise it is the first of `$XDG_DATA_HOME/jacquard/fashion-mnist` (by
  /// default `~/.local/share`) and Debian's `/usr/share/datasets/fashion-mnist` that contains a data set.
  ///
  /// - Parameters:
  ///   - argument: the folder or file that the user named on the command line, if any.
  ///   - environment: the environment variables.
  ///   - pictures: how pictures become images, if the data consists of pictures.
  /// - Throws: `DatasetError` with every folder that was searched.
  public static func find(
    argument: String?, environment: [String: String], pictures: PictureReading = PictureReading()
  ) throws(DatasetError) -> DataSource {
    try find(
      argument: argument, environment: environment, systemFolder: FashionMNIST.systemFolder, pictures: pictures)
  }

  /// The same search with another system folder; tests use an empty one.
  package static func find(
    argument: String?, environment: [String: String], systemFolder: String,
    pictures: PictureReading = PictureReading()
  ) throws(DatasetError) -> DataSource {
    if let named = argument ?? environment["JACQUARD_DATA"].flatMap({ $0.isEmpty ? nil : $0 }) {
      return try DataSource(path: named, pictures: pictures)
    }
    let folders = [userFolder(environment).map { $0 + "/fashion-mnist" }, systemFolder].compactMap { $0 }
    for folder in folders {
      // A default folder without a data set is skipped.
      if let layout = try? layout(of: folder) { return DataSource(path: folder, layout: layout, pictures: pictures) }
    }
    throw DatasetError(path: folders[0], code: .dataNotFound(folders: folders))
  }

  /// The data set at a path; nil if the path does not exist.
  ///
  /// - Throws: `DatasetError` for anything else.
  static func layout(of path: String) throws(DatasetError) -> Layout? {
    switch Folder.kind(path) {
    case .nothing: return nil
    case .file:
      let file = try InputFile(path: path)
      let start = try file.bytes(at: 0, count: 16)
      guard start.starts(with: Array("PK".utf8)) else {
        throw DatasetError(path: path, code: .unknownFile(guess: ContentGuess.describe(start)))
      }
      return .archive
    case .folder:
      if IDXFolder(path: path).holdsAnyFile { return .idx }
      if ArrayFolder(path: path).holdsAnyFile { return .arrays }
      guard let layout = try PictureFolder.layout(of: path) else {
        throw DatasetError(path: path, code: .unknownFolder)
      }
      return layout
    }
  }

  /// The folder of Debian's data set packages.
  static let systemFolder = "/usr/share/datasets"

  /// Finds a data set by its path or name.
  ///
  /// The working directory comes first. A name without a slash that does not exist there is then looked for in
  /// `$XDG_DATA_HOME/jacquard` (by default `~/.local/share/jacquard`) and in `/usr/share/datasets`.
  ///
  /// - Throws: `DatasetError` if the name does not exist or is not a data set.
  public static func named(
    _ name: String, environment: [String: String], pictures: PictureReading = PictureReading()
  ) throws(DatasetError) -> DataSource {
    if Folder.kind(name) == .nothing, !name.isEmpty, !name.contains("/") {
      for folder in [userFolder(environment), systemFolder] {
        guard let path = folder.map({ $0 + "/" + name }), let layout = try layout(of: path) else { continue }
        return DataSource(path: path, layout: layout, pictures: pictures)
      }
    }
    return try DataSource(path: name, pictures: pictures)
  }

  /// The XDG specification says to ignore a relative `$XDG_DATA_HOME`.
  private static func userFolder(_ environment: [String: String]) -> String? {
    let subfolder = "/jacquard"
    if let base = environment["XDG_DATA_HOME"], PathText.isAbsolute(base) { return base + subfolder }
    guard let home = environment["HOME"], !home.isEmpty else { return nil }
    return home + "/.local/share" + subfolder
  }
}
