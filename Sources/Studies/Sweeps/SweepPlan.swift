internal import Files
package import Runs
package import Support

/// The plan in a sweep's folder, for all processes that work on it: `sweep.json`, written by the first of them.
package struct SweepPlan {
  /// A run of a sweep.
  package struct Run {
    /// Its name, which is also that of its folder.
    package let name: String
    /// All of its settings.
    package let settings: TrainSettings
  }

  /// Far more runs than anyone trains: a grid that explodes is rejected before it fills the memory.
  package static let limit = 100_000

  /// The largest size of a plan's file: the user's file, and several times the size of each run's settings.
  private static let maximumByteCount = ConfigurationFile.largestSize + limit * 4096

  /// The folder.
  package let folder: String
  /// The runs, in order.
  package let runs: [Run]
  /// The keys of the settings that differ between runs.
  package let variedKeys: [String]
  /// The rungs, if any.
  package let halving: Halving?

  /// Begins or continues a sweep.
  ///
  /// - Throws: a `Failure`: `badConfiguration` if the file is wrong, or differs from that of the sweep in the folder;
  ///   `cannotCreate` if the folder contains anything else.
  package init(folder: String, file: SweepFile) throws {
    let settings = try file.settings()
    let digits = String(settings.count).count
    let runs = settings.enumerated().map { index, settings in
      let number = String(index + 1)
      return Run(
        name: "run-" + String(repeating: "0", count: max(0, digits - number.count)) + number, settings: settings)
    }
    self.init(folder: folder, runs: runs, halving: file.halving)
    try begin(record(["file": file.content]), in: folder + "/sweep.json") { found in
      found["file"]?["halving"]?.text == file.content["halving"]?.text
    }
  }

  /// A plan without files.
  init(folder: String, runs: [Run], halving: Halving? = nil) {
    self.folder = folder
    self.runs = runs
    self.halving = halving
    variedKeys = SettingField.all.filter { field in
      Set(runs.map { field.read($0.settings).text }).count > 1
    }.map(\.key)
  }

  /// The content of the plan's file.
  func record(_ description: JSONValue) -> JSONValue {
    guard case .object(let members) = description else { return description }
    return .object(
      [.init(name: "schema", value: 1), .init(name: "version", value: .string(Version.current))] + members + [
        .init(
          name: "runs",
          value: .array(runs.map { ["name": .string($0.name), "settings": $0.settings.json] }))
      ])
  }

  /// Writes the plan's file, or checks that it has the same runs.
  ///
  /// - Parameter agrees: Whether the rest of the file's content agrees.
  func begin(_ record: JSONValue, in path: String, _ agrees: (JSONValue) -> Bool) throws {
    try Folder.makeWithParents(folder)
    let lock = try Self.lock(folder)
    defer { withExtendedLifetime(lock) {} }
    if Folder.kind(path) == .file {
      let found = try Self.content(path)
      guard found["runs"]?.text == record["runs"]?.text, agrees(found) else {
        throw Failure(
          .badConfiguration,
          "\(path): the sweep in this folder has other settings; use its original file, or another \(.out)."
        )
      }
    } else {
      guard ((try? Folder.names(folder)) ?? []).allSatisfy(AtomicFile.isTemporary) else {
        throw Failure(
          .cannotCreate,
          "\(folder): the folder is not empty and contains no sweep; name a new folder.")
      }
      try AtomicFile.write(text: record.indentedText + "\n", to: path)
    }
  }

  /// The content of a plan's file.
  static func content(_ path: String) throws(Failure) -> JSONValue {
    try ConfigurationFile.content(of: path, maximumByteCount: maximumByteCount)
  }

  /// Separates two processes that begin the same sweep at the same moment: the second finds what the first has written.
  private static func lock(_ folder: String) throws(Failure) -> FolderLock {
    while true {
      do throws(FolderLock.Failure) {
        return try FolderLock(folder)
      } catch {
        guard case .taken = error else {
          throw Failure(.cannotCreate, "\(folder): cannot open the folder; choose another with \(.out).")
        }
        ChildProcess.wait(for: [], seconds: 0.01)
      }
    }
  }

  /// The folder of a run.
  package func path(_ run: Run) -> String { folder + "/" + run.name }

  /// The settings of a run that differ between runs.
  package func variedSettings(_ run: Run) -> [JSONValue.Member] {
    variedKeys.compactMap { key in
      SettingField.all.first { $0.key == key }.map { JSONValue.Member(name: key, value: $0.read(run.settings)) }
    }
  }
}
