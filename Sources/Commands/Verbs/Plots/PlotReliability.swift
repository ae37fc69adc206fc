internal import ArgumentParser
internal import Figures
internal import Runs

/// `jacquard plot reliability`: draws how reliable the confidences are.
struct PlotReliability: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reliability", abstract: "Draw a checkpoint's accuracy at each level of confidence.",
    discussion: """
      Examples:
        jacquard plot reliability runs/cnn-1 --output reliability.svg
      """)

  @OptionGroup var options: EvaluationPlotOptions

  func run() throws { try options.show("reliability", Panels.reliability) }
}
