internal import ArgumentParser
internal import Datasets
internal import Figures
internal import Runs
internal import Support
internal import Terminal

/// `jacquard data show`: draws the images.
struct DataShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Draw samples, mean images or the class balance.",
    discussion: """
      Without other flags, draws the first ten images of each class. On a terminal, the pictures appear there unless --output names a \
      file: as real pictures in a terminal with Kitty's, iTerm2's or Sixel's protocol, otherwise in shades of characters.

      Examples:
        jacquard data show --per-class 8 --output samples.svg
        jacquard data show --random 40 --seed 3 --split test
        jacquard data show --augment flip,rotate=15 --output augmented.png
        jacquard data show --means --theme dark --output means.png
      """)

  @Option(help: "The part of the data.")
  var split = DataSplit.train

  @Option(help: ArgumentHelp("Show n images of each class (10).", valueName: "n"))
  var perClass: Int?

  @Option(help: ArgumentHelp("Show the images with these numbers, such as 0,7,20..29.", valueName: "list"))
  var index: String?

  @Option(help: ArgumentHelp("Show n images at random.", valueName: "n"))
  var random: Int?

  @Option(setting: "augment") var augment: String?

  @Option(help: ArgumentHelp("The epoch that --augment changes the images for, from 1.", valueName: "n"))
  var epoch = 1

  @Option(help: ArgumentHelp("The seed of --random and --augment.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(help: "Show the mean image of each class.")
  var means = false

  @Flag(help: "Show the number of images per class.")
  var balance = false

  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    let views = [perClass != nil, index != nil, random != nil, means, balance]
    guard views.count(where: { $0 }) <= 1 else {
      throw ValidationError("--per-class, --index, --random, --means and --balance cannot be combined; choose one.")
    }
    for (flag, count) in [("--per-class", perClass), ("--random", random)] {
      if let count, !(1...SampleChoice.limit ~= count) {
        throw ValidationError("\(flag) must be a whole number from 1 to \(SampleChoice.limit), not '\(count)'.")
      }
    }
    if let index, SampleChoice.indices(index) == nil {
      throw ValidationError(
        "--index must be a list of at most \(SampleChoice.limit) numbers, such as 0,7,20..29, not '\(index)'.")
    }
    guard epoch >= 1 else { throw ValidationError("--epoch must be a whole number of at least 1, not '\(epoch)'.") }
    guard augment == nil || !(means || balance) else {
      throw ValidationError("--augment cannot be combined with --means or --balance.")
    }
    guard !isForTerminal || !output.json else {
      throw ValidationError("--json cannot print pictures; name a file with --output.")
    }
    guard picture.output == nil || !isForTerminal else {
      throw ValidationError("--output and --terminal cannot be combined.")
    }
  }

  func run() throws {
    let file = try picture.file()
    guard file != nil || isForTerminal || (!output.json && StandardStream.output.isTerminal) else {
      throw Failure(
        .usage, "standard output is not a terminal; name a file with --output samples.png, or add --terminal.")
    }
    let changes = try TrainSettings.resolve(TrainSettings(), file: nil, flags: augment.map { [("augment", $0)] } ?? [])
    let source = try dataOptions.source(output.console)
    let set = try source.load(split.part)
    let shown = try DataPicture(
      folder: source.path, part: split.part, set: set, view: view, augmentation: changes.augmentation, epoch: epoch,
      seed: seed)
    if let file {
      try file.write(try shown.drawing())
      try output.console.result(
        output.json ? [shown.json(output: file.path).text] : TextTable.pairs([("picture", file.path)]))
    } else {
      try show(shown)
    }
  }

  private var isForTerminal: Bool { terminal.terminal || terminal.pictureProtocol != nil }

  private var view: DataPicture.View {
    if means { return .means }
    if balance { return .balance }
    if let random { return .samples(.random(random, seed: seed)) }
    if let index, let indices = SampleChoice.indices(index) { return .samples(.indices(indices)) }
    return .samples(.perClass(perClass ?? 10))
  }

  private func show(_ shown: DataPicture) throws {
    let chosen = terminal.resolved
    let theme = picture.theme.theme(auto: .dark)
    if chosen.showsPictures, let text = try PictureText.text(of: try shown.drawing(), chosen, theme: theme) {
      try output.console.result(asIs: [text])
    } else if balance {
      try output.console.result(shown.balanceLines)
    } else {
      let tiles = TileText(ShadeText(suiting: chosen), columns: StandardStream.output.columns ?? 80)
      try output.console.result(asIs: tiles.lines(of: shown.rows))
    }
  }
}
