internal import ArgumentParser
internal import Figures
internal import Runs

/// `jacquard plot schedule`: draws the learning rate by step.
struct PlotSchedule: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "Draw the learning rates of one or more runs.",
    discussion: """
      Examples:
        jacquard plot schedule runs/cnn-1 --output schedule.svg
      """)

  @Argument(help: ArgumentHelp("Run folders."), completion: .directory)
  var runs: [String]

  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let target = try PictureTarget(picture, terminal, isJSON: output.json, example: "schedule.png")
    let histories = try runs.map(RunHistory.init)
    for history in histories { try history.requireEpochs() }
    try target.show(try Panels.schedule(histories).drawing(), kind: "schedule", output: output)
  }
}
