internal import ArgumentParser
internal import Datasets
internal import Figures
internal import Files
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// `jacquard errors`: the worst mistakes of a checkpoint.
struct Errors: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "errors",
    abstract: "Show a checkpoint's worst mistakes as a table, a picture and CSV.",
    discussion: """
      The worst mistakes have the largest loss: a confident wrong answer, and a low probability for the true class. The table and the \
      picture show the first of them, the CSV file all.

      Examples:
        jacquard errors runs/cnn-1 --output mistakes.png --csv mistakes.csv
        jacquard errors runs/cnn-1 --true Shirt --predicted Coat
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Option(help: "The part of the data.")
  var split = EvaluationSplit.test

  @Option(help: ArgumentHelp("Number of mistakes to show.", valueName: "n"))
  var count = 24

  @Option(name: .customLong("true"), help: ArgumentHelp("Only images of this class.", valueName: "class"))
  var label: String?

  @Option(help: ArgumentHelp("Only images classified as this class.", valueName: "class"))
  var predicted: String?

  @Option(help: ArgumentHelp("A file for all mistakes as CSV.", valueName: "file"), completion: .file())
  var csv: String?

  @OptionGroup var viewOptions: ViewOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Inference") var inference: PictureInferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard 1...SampleChoice.limit ~= count else {
      throw ValidationError("--count must be a whole number from 1 to \(SampleChoice.limit), not '\(count)'.")
    }
    guard !isForTerminal || !output.json else {
      throw ValidationError("--json cannot print pictures; name a file with --output.")
    }
  }

  func run() throws {
    let file = try picture.file()
    if let csv { try Folder.requireParent(of: csv) }
    let evaluation = try Evaluation(
      checkpoint: checkpoint, split: split, views: viewOptions.views, inference: try inference.settings(),
      console: output.console, data: dataOptions.source(on: output.console))
    let names = evaluation.classNames
    let list = MistakeList(
      evaluation, label: try label.map { try ClassReference.label($0, among: names, flag: "--true") },
      answer: try predicted.map { try ClassReference.label($0, among: names, flag: "--predicted") })
    if file != nil || isForTerminal { try evaluation.data.source.set.shape.requirePicture(of: checkpoint) }
    if let file { try file.write(try list.panels(count).drawing()) }
    if let csv { try AtomicFile.write(text: list.csv, to: csv) }
    if isForTerminal { try show(list) }
    try output.console.result(output.json ? [json(list).text] : lines(list))
  }

  /// Whether to show the pictures with the table: on request, or on a terminal if no file is named.
  private var isForTerminal: Bool {
    let isAsked = terminal.terminal || terminal.pictureProtocol != nil
    return isAsked || (StandardStream.output.isTerminal && !output.json && picture.output == nil && csv == nil)
  }

  private func show(_ list: MistakeList) throws {
    let chosen = terminal.resolved
    let theme = picture.theme.theme(auto: .dark)
    if chosen.showsPictures, let text = try PictureText.text(of: try list.panels(count).drawing(), chosen, theme: theme)
    {
      try output.console.result(asIs: [text])
    } else {
      let tiles = TileText(ShadeText(suiting: chosen), columns: StandardStream.output.columns ?? 80)
      try output.console.result(asIs: tiles.lines(of: [ImageGrid.Row(tiles: list.tiles(count))]))
    }
  }

  private func lines(_ list: MistakeList) -> [String] {
    var pairs: [(name: String, value: String)] = [
      ("checkpoint", checkpoint),
      (
        "mistakes",
        "\(NumberText.grouped(list.mistakes.count)) in \(NumberText.grouped(list.imageCount)) images\(viewOptions.views.note)"
      ),
    ]
    if let file = picture.output { pairs.append(("picture", file)) }
    if let csv { pairs.append(("table", csv)) }
    return TextTable.pairs(pairs) + (list.mistakes.isEmpty ? [] : [""] + list.lines(count))
  }

  private func json(_ list: MistakeList) -> JSONValue {
    [
      "schema": 1, "checkpoint": .string(checkpoint), "split": .string(split.rawValue),
      "tta": .string(viewOptions.views.description),
      "images": .integer(list.evaluation.report.count), "count": .integer(list.mistakes.count),
      "picture": picture.output.map(JSONValue.string) ?? .null, "csv": csv.map(JSONValue.string) ?? .null,
      "mistakes": .array(list.mistakes.prefix(count).map(list.json)),
    ]
  }
}
