internal import ArgumentParser
internal import Figures
internal import Runs

/// `jacquard plot precision-recall`: draws precision over recall of each class.
struct PlotPrecisionRecall: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "precision-recall", abstract: "Draw precision and recall of each class at all thresholds.",
    discussion: """
      Examples:
        jacquard plot precision-recall runs/cnn-1 --output precision-recall.svg
      """)

  @OptionGroup var options: EvaluationPlotOptions

  func run() throws { try options.show("precision-recall", ThresholdFigure.precisionRecall.panels) }
}
