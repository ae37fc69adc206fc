internal import ArgumentParser
internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support

/// `jacquard plot activations`: draws the output of each layer for an image.
struct PlotActivations: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "activations", abstract: "Draw the output of each of a checkpoint's layers for one image.",
    discussion: """
      The image is a picture, or an item of an IDX or .npy file, such as t10k-images-idx3-ubyte.gz:7.

      Examples:
        jacquard plot activations runs/cnn-1 t10k-images-idx3-ubyte.gz:7
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Argument(help: "The image.")
  var input: String

  @Option(help: ArgumentHelp("The model, if the weights file does not name it.", valueName: "name|file"))
  var model: String?

  @OptionGroup(title: "Preprocessing") var preprocessing: PicturePreprocessingOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let target = try PictureTarget(picture, terminal, isJSON: output.json, example: "activations.png")
    let loaded = try Checkpoint(checkpoint, model: model, preprocessing: try preprocessing.stated)
    loaded.reportDoubts(on: output.console)
    let network = try loaded.network()
    var images = InputImages(shape: loaded.model.inputShape)
    var reader = try InputReader(checkpoint: loaded, data: dataOptions) { finding in
      switch finding {
      case .images(let found): images = images.joined(with: found)
      case .failure(_, let failure): throw failure
      }
    }
    try reader.read([input])
    guard images.count == 1 else {
      throw Failure(
        .usage, "\(input): expected one image, found \(images.count); name one, such as \(input):0.")
    }
    let panels = try Panels.activations(
      network, try images.source(for: loaded.model), name: input, checkpoint: checkpoint)
    try target.show(try panels.drawing(), kind: "activations", output: output)
  }
}
