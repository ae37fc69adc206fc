internal import ArgumentParser
internal import Files
internal import Interchange
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// `jacquard import`: turns other programs' models and weights into a checkpoint.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn another program's model or weights into a checkpoint.",
    discussion: """
      .onnx files contain the model too: graphs of supported layers, as written by PyTorch, Keras (tf2onnx) and onnxruntime. Anything \
      else is refused, with the node and the reason. With --model, class names, dropout and preprocessing come from that model, which \
      must compute the same. Without it, preprocessing comes from the first nodes of the graph, or from the metadata of our exports.

      .npz files contain weights for --model: those that 'export' writes, and the weights of Keras models, whose arrays have the number \
      of the layer and the name of the variable (003.kernel). Every array must belong to the model.

      .pth, .pt, .ckpt and .bin files are state dictionaries saved by PyTorch, alone or in a checkpoint. .safetensors files come from \
      other programs. Both contain weights for --model. Code in a file is never run. The tensors determine the image channels and the \
      classes of a named model; resnet18 has the tensor names of torchvision.

      Examples:
        jacquard import model.onnx --output model.safetensors
        jacquard import weights.npz --model cnn --output model.safetensors
        jacquard import weights.pth --model cnn --output model.safetensors
        jacquard import a.pth --model resnet18:224x224x3:1000 --output a.safetensors
      """)

  @Argument(help: "An .onnx, .npz, .pth or .safetensors file.")
  var file: String

  @Option(help: ArgumentHelp("The model that the weights are for.", valueName: "name|file"))
  var model: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The checkpoint to write, a .safetensors file.", valueName: "file"),
    completion: .file())
  var output: String

  @OptionGroup(title: "Preprocessing") var preprocessing: PreprocessingOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() throws {
    try Folder.requireParent(of: output)
    let console = outputOptions.console
    if let recipe = ForeignWeights.recipe(for: file) { throw recipe }
    let imported = ImportedModel.isMeant(by: file) ? try graph(console) : try weights()
    try imported.file.write(to: output)
    try console.result(outputOptions.json ? [imported.json(from: file, to: output).text] : imported.lines(output))
  }

  /// Imports a whole model.
  private func graph(_ console: Console) throws(Failure) -> ImportedCheckpoint {
    let imported = try ImportedModel(file)
    for note in imported.notes { console.note("\(file): \(note)") }
    guard model == nil else {
      let checkpoint = try Checkpoint(file, model: model, preprocessing: try preprocessing.stated)
      return try ImportedCheckpoint(
        try checkpoint.network(), origin: "onnx",
        preprocessingOrigin: checkpoint.preprocessingOrigin == .flags ? "flags" : "model",
        provenance: checkpoint.provenance)
    }
    if try preprocessing.stated != nil {
      let checkpoint = try Checkpoint(file, model: nil, preprocessing: try preprocessing.stated)
      return try ImportedCheckpoint(
        try checkpoint.network(), origin: "onnx", preprocessingOrigin: "flags", provenance: checkpoint.provenance)
    }
    if imported.preprocessingOrigin == .assumed {
      console.note(
        "\(file): the file does not say how pixels become the graph's inputs; assuming Fashion-MNIST's mean and deviation. "
          + "To change them, use --model, or --mean, --deviation and --scale."
      )
    }
    return ImportedCheckpoint(
      imported.file, model: imported.model, origin: "onnx",
      preprocessingOrigin: imported.preprocessingOrigin.rawValue)
  }

  /// Imports weights for a model.
  private func weights() throws -> ImportedCheckpoint {
    guard let model else {
      throw Failure(.usage, "\(file): these weights do not name their model; name it with --model.")
    }
    let stated = try preprocessing.stated
    let weights = try ImportedWeights(file, model: model, preprocessing: stated)
    return try ImportedCheckpoint(
      weights.network, origin: weights.origin, preprocessingOrigin: stated == nil ? "model" : "flags",
      provenance: weights.provenance)
  }
}
