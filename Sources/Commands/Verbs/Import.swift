internal import ArgumentParser
internal import Interchange
internal import Jacquard

/// `jacquard import`: other programs' weights as a checkpoint.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn weights of other programs into a checkpoint.",
    discussion: """
      Reads .npz files: those that 'export' writes, and the weights of Keras models, whose arrays are named by the number of their \
      layer and their variable (003.kernel). Every array must have its place in the model.

      Examples:
        jacquard import weights.npz --model cnn --output model.safetensors
      """)

  @Argument(help: "An .npz file.")
  var file: String

  @Option(help: ArgumentHelp("The model that the weights are for.", valueName: "name|file"))
  var model: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The checkpoint to write, a .safetensors file.", valueName: "file"),
    completion: .file())
  var output: String

  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() throws {
    let model = try ModelReference.model(model)
    try Folder.requireParent(of: output)
    let weights = try ImportedWeights(file, model: model)
    let network = weights.network
    try Checkpoint.file(of: network, network.snapshot(), provenance: weights.provenance).write(to: output)
    let json: JSONValue = [
      "schema": 1, "file": .string(file), "from": .string(weights.origin), "output": .string(output),
      "model": .string(model.name), "tensors": .integer(network.tensors.count),
    ]
    let lines = TextTable.pairs([
      ("checkpoint", output), ("from", weights.origin), ("model", model.name),
      ("tensors", String(network.tensors.count)),
    ])
    try outputOptions.console.result(outputOptions.json ? [json.text] : lines)
  }
}
