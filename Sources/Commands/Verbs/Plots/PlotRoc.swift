internal import ArgumentParser
internal import Figures
internal import Runs

/// `jacquard plot roc`: draws the share of each class that is found over the share of other images mistaken for it.
struct PlotRoc: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roc",
    abstract:
      "Draw how many images of each class are found, and how many others are mistaken for it, at all thresholds.",
    discussion: """
      Examples:
        jacquard plot roc runs/cnn-1 --output roc.svg
      """)

  @OptionGroup var options: EvaluationPlotOptions

  func run() throws { try options.show("roc", ThresholdFigure.roc.panels) }
}
