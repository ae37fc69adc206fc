internal import Files
package import Support
internal import Synchronization

/// All runs below some folders, read without locking or changing anything.
package struct RunList: Sendable {
  /// The runs, by their paths: `run-2` comes before `run-10`.
  package private(set) var runs: [RunSummary]
  /// The keys of the settings that differ between the runs, in the order of the table of settings.
  package let variedKeys: [String]
  /// The folders that could not be searched.
  package let unread: [Failure]

  /// Finds and reads the runs in folders and below them, at any depth.
  ///
  /// Hidden folders are left out, and a folder that several paths lead to counts once.
  ///
  /// - Throws: a `Failure` of the kind `noInput` if one of the folders does not exist.
  package init(below folders: [String]) throws(Failure) {
    var search = Search()
    for path in folders {
      let folder = PathText.trimmed(path)
      guard Folder.kind(folder) == .folder else {
        throw Failure(.noInput, "\(path): there is no such folder; name the folder of your runs.")
      }
      search.visit(folder)
    }
    unread = search.unread
    runs = Self.read(search.found)
    variedKeys = Self.variedKeys(runs)
  }

  /// Sorts the runs; those without a value come last. Equal ones keep their order.
  package mutating func sort(by order: RunOrder, reversed: Bool) {
    runs = order.sorted(runs, reversed: reversed)
  }

  private static func read(_ paths: [String]) -> [RunSummary] {
    let results = Results(count: paths.count)
    // Before the records: a process that ends in between has written its end, and is not taken for a dead one.
    let locks = HeldLocks()
    Parallel.perform(count: paths.count) { place in
      var run = RunSummary(paths[place], locks: locks)
      // It may have begun in between.
      if run.state == .killed { run = RunSummary(paths[place], locks: HeldLocks()) }
      results.put(run, at: place)
    }
    return results.all.sorted { RunOrder.precedes($0.path, $1.path) }
  }

  private static func variedKeys(_ runs: [RunSummary]) -> [String] {
    let known = runs.filter { !$0.settings.isEmpty }
    guard let first = known.first else { return [] }
    var varied: Set<String> = []
    for run in known.dropFirst() {
      for (key, value) in run.settings where first.settings[key] != value { varied.insert(key) }
      for key in first.settings.keys where run.settings[key] == nil { varied.insert(key) }
    }
    let ordered = SettingField.all.map(\.key).filter(varied.contains)
    return ordered + varied.subtracting(ordered).sorted()
  }

  /// Values that several threads provide.
  private final class Results: Sendable {
    private let values: Mutex<[RunSummary?]>

    init(count: Int) { values = Mutex(Array(repeating: nil, count: count)) }

    func put(_ value: RunSummary, at place: Int) { values.withLock { $0[place] = value } }

    var all: [RunSummary] { values.withLock { $0.compactMap(\.self) } }
  }

  /// Finds run folders.
  private struct Search {
    private(set) var found: [String] = []
    private(set) var unread: [Failure] = []
    private var visited: Set<FileIdentity> = []

    mutating func visit(_ path: String) {
      var open = [path]
      while let path = open.popLast() {
        // A link may lead back up.
        guard let identity = FileIdentity(path: path), visited.insert(identity).inserted else { continue }
        if Self.isRun(path) {
          found.append(path)
          continue
        }
        do throws(FileError) {
          let (names, others) = try Folder.textNames(path)
          if others > 0 {
            unread.append(
              Failure(.badData, "\(path): \(others) names in it are not UTF-8 and were left out; rename them."))
          }
          for name in names where !name.hasPrefix(".") {
            let inner = PathText.joined(path, name)
            if Folder.kind(inner) == .folder { open.append(inner) }
          }
        } catch {
          unread.append(Failure(error))
        }
      }
    }

    /// A run writes its record first. Its other files show that a record has been lost.
    private static func isRun(_ path: String) -> Bool {
      let run = RunFolder(existing: path)
      if Folder.kind(run.record) == .file { return true }
      return Folder.kind(run.configuration) == .file
        && [run.metrics, run.events, run.state].contains { Folder.kind($0) == .file }
    }
  }
}
