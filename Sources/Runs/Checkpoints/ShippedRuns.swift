internal import Files

/// The runs that come with the program: presets that were trained for everyone, found by name.
///
/// Each is a run folder with settings, record, metrics and last weights. So every verb that takes a run or a checkpoint takes its name.
package enum ShippedRuns {
  /// The names, in alphabetical order; empty if the program was copied without its runs.
  package static var names: [String] {
    guard let folder else { return [] }
    let names = (try? Folder.textNames(folder).names) ?? []
    return names.filter { isRun(folder + "/" + $0) }.sorted()
  }

  /// The path itself, or the shipped run's folder if `path` is only a name and the current folder has no such file.
  package static func located(_ path: String) -> String {
    guard !path.isEmpty, !path.contains("/"), Folder.kind(path) == .nothing, let folder else { return path }
    let run = folder + "/" + path
    return isRun(run) ? run : path
  }

  private static func isRun(_ path: String) -> Bool { Folder.kind(path + "/config.json") == .file }

  /// Where the runs are: beside an installed program, or in the package of one that was built there.
  private static var folder: String? {
    let parts = Folder.absolutePath("/proc/self/exe").split(separator: "/").dropLast()
    let installed = parts.dropLast() + ["share", "jacquard", "weights"]
    // A program is built in `.build/MACHINE/release`.
    let built = parts.dropLast(3) + ["Weights"]
    let isInBuildFolder = parts.dropLast(2).last?.hasPrefix(".build") == true
    return [installed, isInBuildFolder ? built : []].lazy.filter { !$0.isEmpty }
      .map { "/" + $0.joined(separator: "/") }.first { Folder.kind($0) == .folder }
  }
}
