internal import ArgumentParser
internal import Datasets
internal import Figures
internal import Runs

/// `jacquard plot features`: draws how well the inputs of the last layer separate the classes.
struct PlotFeatures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "Draw the inputs of a checkpoint's last layer in two dimensions.",
    discussion: """
      The dimensions are the first two principal components of the last layer's inputs.

      Examples:
        jacquard plot features runs/cnn-1 --count 500 --output features.png
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Option(help: "The part of the data.")
  var split = EvaluationSplit.test

  @Option(help: ArgumentHelp("Number of images, from the first.", valueName: "n"))
  var count = 1500

  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Inference") var inference: PictureInferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard 2...SampleChoice.limit ~= count else {
      throw ValidationError("--count must be a whole number from 2 to \(SampleChoice.limit), not '\(count)'.")
    }
  }

  func run() throws {
    let target = try PictureTarget(picture, terminal, isJSON: output.json, example: "features.png")
    let loaded = try Checkpoint(checkpoint, model: inference.model, preprocessing: try inference.preprocessing.stated)
    loaded.reportDoubts(on: output.console)
    let all = try EvaluationData(try dataOptions.source(for: loaded, output.console), checkpoint: loaded, split: split)
      .source
    let source = try SampleSource(
      all.set, indices: Array(all.indices.prefix(count)), normalization: all.normalization, seed: 0)
    let panels = try Panels.features(
      try loaded.network(), source, threads: try inference.settings().threadCount, checkpoint: checkpoint, split: split)
    try target.show(try panels.drawing(), kind: "features", output: output)
  }
}
