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
    let target = try PictureTarget(picture, terminal, isJSON: output.json, example: "reliability.png")
    let evaluation = try Evaluation(
      checkpoint: checkpoint, split: split, inference: try inference.settings(), console: output.console,
      data: dataOptions.source(on: output.console))
    try target.show(try Panels.reliability(evaluation).drawing(), kind: "reliability", output: output)
  }
}
