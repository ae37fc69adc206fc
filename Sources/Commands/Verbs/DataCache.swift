internal import ArgumentParser
internal import Datasets
internal import Files
internal import Runs
internal import Support
internal import Terminal

/// `jacquard data cache`: the decoded pictures that are kept.
struct DataCache: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "List the decoded pictures that are kept, or remove them.",
    discussion: """
      Folders of pictures are decoded once, into a file in $JACQUARD_CACHE, else $XDG_CACHE_HOME/jacquard, else ~/.cache/jacquard; \
      JACQUARD_CACHE=off keeps none. A file is used as long as no picture and no setting has changed.

      Examples:
        jacquard data cache
        jacquard data cache --remove 0123456789abcdef
        jacquard data cache --clear
      """)

  @Option(
    name: .long, help: ArgumentHelp("Remove the file of this name; may be given several times.", valueName: "name"))
  var remove: [String] = []

  @Flag(help: "Remove all files, also unfinished ones.")
  var clear = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard !clear || remove.isEmpty else { throw ValidationError("--clear cannot be combined with --remove.") }
  }

  func run() throws {
    guard let cache = PictureCache.ofEnvironment else {
      guard remove.isEmpty else { throw Failure(.noInput, "\(remove[0]): decoded pictures are not kept here.") }
      try output.console.result(
        output.json
          ? [CacheReport(folder: nil, entries: [], removed: []).json.text] : ["Decoded pictures are not kept."])
      return
    }
    let entries = try cache.entries()
    for name in remove where !entries.contains(where: { $0.name == name }) {
      let hint = Suggestion.closest(to: name, among: entries.map(\.name)).map { "did you mean '\($0)'?" }
      throw Failure(
        .noInput, "\(cache.folder): there is no '\(name)'; \(hint ?? "'jacquard data cache' lists what there is.")")
    }
    let removed = entries.filter { clear || remove.contains($0.name) }
    for entry in removed { try cache.remove(entry) }
    let report = CacheReport(
      folder: cache.folder, entries: entries.filter { entry in !removed.contains { $0.path == entry.path } },
      removed: removed)
    try output.console.result(output.json ? [report.json.text] : report.lines)
  }
}
