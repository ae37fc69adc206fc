internal import ArgumentParser
internal import Datasets
internal import Figures
internal import Files
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard lr-find`: finds a learning rate for training.
struct LRFind: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lr-find",
    abstract: "Find a learning rate: train a few steps at rising rates, and see where the loss falls fastest.",
    discussion: """
      The rate rises from --from to --to by the same factor at each step. The test ends early if the loss reaches several times its \
      minimum. The suggestion is the rate at which the smoothed loss falls by the largest fraction. Only training images are used, and \
      only the files named here are written. Settings come from flags, environment variables and --config as in train; those for \
      learning rate, schedule, length and saving are ignored.

      Examples:
        jacquard lr-find --model vgg --optimizer sgd --momentum 0.9
        jacquard lr-find --output rates.svg --csv rates.csv
        jacquard lr-find --quiet --json > rates.json
      """)

  @Option(help: ArgumentHelp("The lowest rate, at the first step.", valueName: "x"))
  var from = 1e-6

  @Option(help: ArgumentHelp("The highest rate, at the last step.", valueName: "x"))
  var to = 10.0

  @Option(help: ArgumentHelp("Number of steps.", valueName: "n"))
  var steps = 200

  @Option(help: ArgumentHelp("A file for all steps as CSV.", valueName: "file"), completion: .file())
  var csv: String?

  @OptionGroup(title: "Recipe") var recipe: StepFlags
  @OptionGroup(title: "Computation") var computation: ComputationFlags
  @OptionGroup(title: "Files") var start: StartFlags
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    // Lower rates change nothing, and are too small to round.
    guard from >= 1e-30, to <= 1000, from < to else {
      throw ValidationError(
        "--from and --to must be numbers from 1e-30 to 1000, with --to above --from, not '\(from)' and '\(to)'.")
    }
    guard 10...100_000 ~= steps else {
      throw ValidationError("--steps must be a whole number from 10 to 100000, not '\(steps)'.")
    }
    guard !isForTerminal || !output.json else {
      throw ValidationError("--json cannot print pictures; name a file with --output.")
    }
  }

  func run() throws {
    let console = output.console
    let drawing = try picture.file()
    if let csv { try Folder.requireParent(of: csv) }
    let shown = isForTerminal ? terminal.resolved : nil
    if let shown, !shown.showsPictures {
      throw Failure(.usage, "this terminal cannot show pictures; name a file, such as --output rates.png.")
    }
    let (file, environment) = (try start.configuration(), SettingVariables.values)
    var settings = try TrainSettings.resolve(
      try start.base(), file: file, environment: environment, flags: flags)
    // The test set is not even read.
    settings.test = false
    let model = try recipe.model(of: settings, config: start.config)
    var source = try dataOptions.source(settings, file: file, environment: environment, console)
    model.source?.complete(&settings, &source)
    let search = try RateSearch(
      model, settings: settings, rates: from...to, steps: steps, source: source, console: console)
    let result = try search.run()
    if let drawing { try drawing.write(try result.panels.drawing()) }
    if let csv { try AtomicFile.write(text: result.csv, to: csv) }
    if let shown { try show(result, shown) }
    if result.suggestion == nil {
      console.warn("the loss hardly falls at any rate; check the data, the model and the range of rates")
    }
    let command = result.suggestion.map { trainingCommand(rate: $0) }
    try console.result(output.json ? [json(result, command).text] : lines(result, command))
  }

  private var flags: [TrainSettings.FlagValue] {
    recipe.values + computation.values + start.values + dataOptions.values
  }

  private var isForTerminal: Bool { terminal.terminal || terminal.pictureProtocol != nil }

  /// The command that trains with a rate and the other settings given here.
  private func trainingCommand(rate: Double) -> String {
    var words = ["jacquard", "train"]
    if let preset = start.preset { words += ["--preset", preset] }
    if let config = start.config { words += ["--config", ShellText.quoted(config)] }
    for flag in flags {
      let name = "--" + String(flag.key.map { $0 == "_" ? "-" : $0 })
      switch flag.text {
      case "true": words.append(name)
      case "false": words.append("--no-" + name.dropFirst(2))
      default: words += [name, ShellText.quoted(flag.text)]
      }
    }
    if let data = dataOptions.data { words += ["--data", ShellText.quoted(data)] }
    return (words + ["--lr", RateSearch.text(rate)]).joined(separator: " ")
  }

  private func show(_ result: RateSearch.Result, _ chosen: PictureProtocol) throws {
    let theme = picture.theme.theme(auto: .dark)
    try output.console.result(asIs: [try PictureText.text(of: try result.panels.drawing(), chosen, theme: theme) ?? ""])
  }

  private func lines(_ result: RateSearch.Result, _ command: String?) -> [String] {
    var pairs = result.pairs
    if let file = picture.output { pairs.append(("picture", file)) }
    if let csv { pairs.append(("table", csv)) }
    if let command { pairs.append(("train with it", command)) }
    return TextTable.pairs(pairs)
  }

  private func json(_ result: RateSearch.Result, _ command: String?) -> JSONValue {
    guard case .object(let members) = result.json else { return result.json }
    return .object(
      members + [
        .init(name: "command", value: command.map(JSONValue.string) ?? .null),
        .init(name: "picture", value: picture.output.map(JSONValue.string) ?? .null),
        .init(name: "csv", value: csv.map(JSONValue.string) ?? .null),
      ])
  }
}
