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

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Option(help: "The part of the data.")
  var split = EvaluationSplit.test

  @Flag(help: "Show percent of each true class instead of images.")
  var normalize = false

  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Inference") var inference: PictureInferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let target = try PictureTarget(picture, terminal, isJSON: output.json, hasText: true, example: "confusion.png")
    let evaluation = try Evaluation(
      checkpoint: checkpoint, split: split, inference: try inference.settings(), console: output.console,
      data: dataOptions.source(on: output.console))
    let panels = Panels.confusion(evaluation, isNormalized: normalize)
    try target.show(try panels.drawing(), kind: "confusion", output: output) { plot in
      let map = HeatMap.confusion(evaluation.report, isNormalized: normalize)
      let part = evaluation.report.partOfMatrix.map { ["These are \($0)."] } ?? []
      return ["Rows are true classes, columns are predictions."] + part
        + plot.lines(ofMatrix: map.amounts, names: map.rows)
    }
  }
}
