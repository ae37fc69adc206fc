internal import ArgumentParser
internal import Figures
internal import Files
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// `jacquard report`: writes a run as one page.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a run's report: one HTML file with data, model, training, evaluation, predictions and mistakes.",
    discussion: """
      The file is self-contained: it needs no network and no other files, and uses scripts only for sorting and for browsing all \
      predictions. It follows the reader's preference for light or dark, and can be printed.

      Examples:
        jacquard report runs/cnn-1
        jacquard report runs/cnn-1 --output page.html
      """)

  @Argument(help: ArgumentHelp("A run folder.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The HTML file (report.html in the run folder).", valueName: "file"),
    completion: .file())
  var output: String?

  @OptionGroup var viewOptions: ViewOptions
  @OptionGroup(title: "Inference") var inference: InferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() throws {
    let path = output ?? RunFolder(existing: folder).path + "/report.html"
    if let output { try Folder.requireParent(of: output) }
    let report = try RunReport(
      run: folder, views: viewOptions.views, inference: try inference.settings(), console: outputOptions.console,
      data: dataOptions.source(on: outputOptions.console))
    let html = try report.page().html()
    try AtomicFile.write(text: html, to: path)
    let json: JSONValue = [
      "schema": 1, "run": .string(folder), "output": .string(path), "bytes": .integer(html.utf8.count),
    ]
    try outputOptions.console.result(
      outputOptions.json
        ? [json.text] : TextTable.pairs([("report", "\(path), \(NumberText.bytes(html.utf8.count))")]))
  }
}
