internal import ArgumentParser
internal import Figures
internal import Runs
internal import Terminal

/// `jacquard plot confusion`: draws which classes are confused.
struct PlotConfusion: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confusion", abstract: "Draw the confusion matrix of a checkpoint.",
    discussion: """
      A shade grows with the square root of its number, so that few mistakes are visible too.

      Examples:
        jacquard plot confusion runs/cnn-1 --normalize --output confusion.png
      """)

  @OptionGroup var options: EvaluationPlotOptions

  @Flag(help: "Show percent of each true class instead of images.")
  var normalize = false

  func run() throws {
    let target = try options.target("confusion", hasText: true)
    let evaluation = try options.evaluation()
    let panels = Panels.confusion(evaluation, isNormalized: normalize)
    try target.show(try panels.drawing(), kind: "confusion", output: options.output) { plot in
      let map = HeatMap.confusion(evaluation.report, isNormalized: normalize)
      let part = evaluation.report.partOfMatrix.map { ["These are \($0)."] } ?? []
      return ["Rows are true classes, columns are predictions."] + part
        + plot.lines(ofMatrix: map.amounts, names: map.rows)
    }
  }
}
