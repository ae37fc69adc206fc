internal import ArgumentParser
internal import Figures
internal import Runs

/// The arguments of plots that show an evaluation of a checkpoint.
struct EvaluationPlotOptions: ParsableArguments {
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

  /// Where the plot goes.
  ///
  /// - Parameters:
  ///   - kind: The plot's name, also that of the file in the advice.
  ///   - hasText: Whether the plot can be lines of text.
  func target(_ kind: String, hasText: Bool = false) throws -> PictureTarget {
    try PictureTarget(picture, terminal, isJSON: output.json, hasText: hasText, example: "\(kind).png")
  }

  /// The evaluation to draw.
  func evaluation() throws -> Evaluation {
    try Evaluation(
      checkpoint: checkpoint, split: split, inference: try inference.settings(), console: output.console,
      data: dataOptions.source(on: output.console))
  }

  /// Draws an evaluation.
  func show(_ kind: String, _ panels: (Evaluation) throws -> Panels) throws {
    let target = try target(kind)
    try target.show(try panels(evaluation()).drawing(), kind: kind, output: output)
  }
}
