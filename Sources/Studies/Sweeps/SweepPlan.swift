internal import Files
package import Runs
package import Support

/// What a sweep's folder holds, for all processes that work on it: `sweep.json`, which the first of them writes.
package struct SweepPlan {
  /// A run of a sweep.
  package struct Run {
    /// Its name, and that of its folder.
    package let name: String
    /// All of its settings.
    package let settings: TrainSettings
  }

  /// Many more runs than anybody trains: a grid that explodes is refused before it fills the memory.
  package static let limit = 100_000

  /// The most that a plan's file holds: what the user wrote, and several times what a run's settings are.
  private static let maximumByteCount = ConfigurationFile.largestSize + limit * 4096

  /// The folder.
  package let folder: String
  /// The runs, in order.
  package let runs: [Run]
  /// The keys of the settings that are not the same in all runs.
  package let variedKeys: [String]
  /// The rungs, if there are any.
  package let halving: Halving?

  /// Begins a sweep, or goes on with one.
  ///
  /// - Throws: a `Failure`: `badConfiguration` for a file that is wrong, or other than that of the sweep in the folder;
  ///   `cannotCreate` for a folder with something else in it.
  package init(folder: String, file: SweepFile) throws {
    self.folder = folder
    let settings = try file.settings()
    let digits = String(settings.count).count
    runs = settings.enumerated().map { index, settings in
      let number = String(index + 1)
      return Run(
        name: "run-" + String(repeating: "0", count: max(0, digits - number.count)) + number, settings: settings)
    }
    variedKeys = SettingField.all.filter { field in
      Set(settings.map { field.read($0).text }).count > 1
    }.map(\.key)
    halving = file.halving
    let record: JSONValue = [
      "schema": 1, "version": .string(Version.current), "file": file.content,
      "runs": .array(runs.map { ["name": .string($0.name), "settings": $0.settings.json] }),
    ]
    try Folder.makeWithParents(folder)
    let lock = try Self.lock(folder)
    defer { withExtendedLifetime(lock) {} }
    let path = folder + "/sweep.json"
    if Folder.kind(path) == .file {
      let found = try ConfigurationFile.content(of: path, maximumByteCount: Self.maximumByteCount)
      guard found["runs"]?.text == record["runs"]?.text,
        found["file"]?["halving"]?.text == file.content["halving"]?.text
      else {
        throw Failure(
          .badConfiguration,
          "\(path): the sweep in this folder has other settings; give the file that it was begun with, or another \(.out)."
        )
      }
    } else {
      guard ((try? Folder.names(folder)) ?? []).allSatisfy(AtomicFile.isTemporary) else {
        throw Failure(
          .cannotCreate,
          "\(folder): there is something in this folder that is no sweep; name one that does not exist yet.")
      }
      try AtomicFile.write(text: record.indentedText + "\n", to: path)
    }
  }

  /// Keeps two processes that begin the same sweep at the same moment apart: the second finds what the first has written.
  private static func lock(_ folder: String) throws(Failure) -> FolderLock {
    while true {
      do throws(FolderLock.Failure) {
        return try FolderLock(folder)
      } catch {
        guard case .taken = error else {
          throw Failure(.cannotCreate, "\(folder): cannot open the folder; name another with \(.out).")
        }
        ChildProcess.wait(for: [], seconds: 0.01)
      }
    }
  }

  /// The folder of a run.
  package func path(_ run: Run) -> String { folder + "/" + run.name }

  /// The settings of a run that are not the same in all.
  package func variedSettings(_ run: Run) -> [JSONValue.Member] {
    variedKeys.compactMap { key in
      SettingField.all.first { $0.key == key }.map { JSONValue.Member(name: key, value: $0.read(run.settings)) }
    }
  }
}
