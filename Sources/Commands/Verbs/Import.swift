internal import ArgumentParser
internal import Files
internal import Interchange
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// `jacquard import`: other programs' models and weights as a checkpoint.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn a model or weights of other programs into a checkpoint.",
    discussion: """
      .onnx files hold the model, too: graphs of the layers that there are here, as PyTorch, Keras (tf2onnx) and onnxruntime write \
      them; anything else is refused with the node and the reason. With --model class names, dropout and preprocessing are those of \
      that model, which must compute the same. Without it, preprocessing is what the graph begins with, or what an export of ours says.

      .npz files hold weights for --model: those that 'export' writes, and the weights of Keras models, whose arrays are named by the \
      number of their layer and their variable (003.kernel). Every array must have its place in the model.

      .pth, .pt, .ckpt and .bin files are state dictionaries that PyTorch saved, alone or in a checkpoint, and .safetensors files those \
      of other programs; both hold weights for --model. No code of a file is run. A model's name stands for the images and classes that \
      the weights are for; resnet18 has the names of torchvision's.

      Examples:
        jacquard import model.onnx --output model.safetensors
        jacquard import weights.npz --model cnn --output model.safetensors
        jacquard import weights.pth --model cnn --output model.safetensors
        jacquard import resnet18.pth --model resnet18:224x224x3:1000 --output model.safetensors
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

  /// A whole model.
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
        "\(file): nothing says how pixels become the graph's inputs; Fashion-MNIST's mean and deviation are assumed, unless --model, or --mean, --deviation and --scale name others."
      )
    }
    return ImportedCheckpoint(
      imported.file, model: imported.model, origin: "onnx",
      preprocessingOrigin: imported.preprocessingOrigin.rawValue)
  }

  /// Weights for a model.
  private func weights() throws -> ImportedCheckpoint {
    guard let model else {
      throw Failure(.usage, "\(file): weights do not say which model they are for; name it with --model.")
    }
    let stated = try preprocessing.stated
    let weights = try ImportedWeights(file, model: model, preprocessing: stated)
    return try ImportedCheckpoint(
      weights.network, origin: weights.origin, preprocessingOrigin: stated == nil ? "model" : "flags",
      provenance: weights.provenance)
  }
}
