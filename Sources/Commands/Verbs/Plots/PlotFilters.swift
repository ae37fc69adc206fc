internal import ArgumentParser
internal import Figures
internal import JacquardEngine
internal import Runs

/// `jacquard plot filters`: draws the filters of the first convolution.
struct PlotFilters: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filters", abstract: "Draw the filters of a checkpoint's first convolution.",
    discussion: """
      Examples:
        jacquard plot filters runs/cnn-1 --output filters.png
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Option(help: ArgumentHelp("The model, if the weights file does not name it.", valueName: "name|file"))
  var model: String?

  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let target = try PictureTarget(picture, terminal, isJSON: output.json, example: "filters.png")
    let network = try Checkpoint(checkpoint, model: model).network()
    let panels = try Panels.filters(network, checkpoint: checkpoint)
    try target.show(try panels.drawing(), kind: "filters", output: output)
  }
}
