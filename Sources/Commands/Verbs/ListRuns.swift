internal import ArgumentParser
internal import Runs
internal import Support
internal import Terminal

/// `jacquard runs`: lists the runs below folders.
struct ListRuns: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List runs: their states, results, and the settings in which they differ.",
    discussion: """
      The folders are searched at any depth, so runs of sweeps and folds are found too. Only files of run folders are read: nothing is computed, \
      locked or changed, and a run that is being trained goes on. The score is that of the test images, else of the validation images, else of \
      the training images of the last epoch. The exit code is 1 if a run is broken.

      Examples:
        jacquard runs
        jacquard runs sweeps/lr --sort accuracy
        jacquard runs runs older --sort loss --reverse --json
      """)

  @Argument(help: ArgumentHelp("The folders with runs (runs).", valueName: "folder"), completion: .directory)
  var folders: [String] = []

  @Option(
    help: ArgumentHelp(
      "The order: \(WordOption.list(RunOrder.words, last: "or")), or the key of a setting, such as lr.",
      valueName: "key"),
    completion: .list(RunOrder.words))
  var sort = "name"

  @Flag(help: "Reverse the order; runs without a value stay last.")
  var reverse = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    _ = try order()
  }

  private func order() throws(ValidationError) -> RunOrder {
    if let order = RunOrder(sort) { return order }
    let words = RunOrder.words + SettingField.all.map(\.key)
    let hint = Suggestion.closest(to: sort, among: words).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError(
      "--sort must be \(WordOption.list(RunOrder.words, last: "or")), or the key of a setting, not '\(sort)'.\(hint)")
  }

  func run() throws {
    let folders = folders.isEmpty ? ["runs"] : folders
    var list = try RunList(below: folders)
    list.sort(by: try order(), reversed: reverse)
    let console = output.console
    for failure in list.unread { console.warn(failure.message) }
    let report = RunListReport(list, folders: folders)
    if list.runs.isEmpty { console.note("no runs below \(folders.joined(separator: ", "))") }
    try console.result(output.json ? [report.json(console.wording).text] : report.lines(console.wording))
    if let failure = report.failure { throw failure }
  }
}
