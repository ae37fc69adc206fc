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

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Option(help: "The part of the data.")
  var split = EvaluationSplit.test

  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Inference") var inference: PictureInferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let target = try PictureTarget(picture, terminal, isJSON: output.json, example: "precision-recall.png")
    let evaluation = try Evaluation(
      checkpoint: checkpoint, split: split, inference: try inference.settings(), console: output.console,
      data: dataOptions.source(on: output.console))
    try target.show(
      try ThresholdFigure.precisionRecall.panels(evaluation).drawing(), kind: "precision-recall", output: output)
  }
}
