internal import ArgumentParser
internal import Figures
internal import Runs
internal import Terminal

/// `jacquard plot curves`: draws losses and accuracies by epoch.
struct PlotCurves: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves", abstract: "Draw losses and accuracies of one or more runs.",
    discussion: """
      Examples:
        jacquard plot curves runs/cnn-1 runs/vgg --output curves.svg
        jacquard plot curves runs/cnn-1 --terminal
      """)

  @Argument(help: ArgumentHelp("Run folders."), completion: .directory)
  var runs: [String]

  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let target = try PictureTarget(picture, terminal, isJSON: output.json, hasText: true, example: "curves.png")
    let histories = try runs.map(RunHistory.init)
    for history in histories { try history.requireEpochs() }
    try target.show(try Panels.curves(histories).drawing(), kind: "curves", output: output) {
      $0.lines(of: Panels.curveCharts(histories))
    }
  }
}
