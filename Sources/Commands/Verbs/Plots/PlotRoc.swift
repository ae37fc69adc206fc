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
    let target = try PictureTarget(picture, terminal, isJSON: output.json, example: "roc.png")
    let evaluation = try Evaluation(
      checkpoint: checkpoint, split: split, inference: try inference.settings(), console: output.console,
      data: dataOptions.source(on: output.console))
    try target.show(try ThresholdFigure.roc.panels(evaluation).drawing(), kind: "roc", output: output)
  }
}
