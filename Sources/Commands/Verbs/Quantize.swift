internal import ArgumentParser
internal import Datasets
internal import Files
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// `jacquard quantize`: makes a network of bytes.
struct Quantize: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Make a checkpoint that computes with bytes: smaller, and faster.",
    discussion: """
      Batch norms become parts of the convolutions before them. Weights are rounded to 8 bits, with a scale for each output channel. \
      Activations are rounded to 8 bits too, in ranges that are measured on training images. Nothing is trained. The accuracy before and \
      after is measured on the test images, or on another part of the data.

      Every verb that takes a checkpoint takes the result. 'export' writes it as an ONNX model whose nodes QuantizeLinear and \
      DequantizeLinear other programs compute with bytes.

      Examples:
        jacquard quantize runs/cnn-1
        jacquard quantize runs/cnn-1 --images 5000 --percentile 100
        jacquard quantize model.safetensors --data photos --out small.safetensors
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Option(
    help: ArgumentHelp("The .safetensors file to write (the checkpoint's name with -int8).", valueName: "file"),
    completion: .file())
  var out: String?

  @Option(help: ArgumentHelp("Training images on which ranges are measured.", valueName: "n"))
  var images = 1000

  @Option(
    help: ArgumentHelp("The share of an activation's numbers that its range must hold, in percent.", valueName: "p"))
  var percentile = Network.defaultPercentile

  @Option(help: "The part of the data that the accuracy is measured on.")
  var split = EvaluationSplit.test

  @OptionGroup(title: "Inference") var inference: InferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard 1...1_000_000 ~= images else {
      throw ValidationError("--images must be a whole number from 1 to 1000000, not '\(images)'.")
    }
    guard percentile > 50, percentile <= 100 else {
      throw ValidationError("--percentile must be a number above 50 and at most 100, not '\(percentile)'.")
    }
    if let out, !out.endsWith(bytesOf: ".safetensors") {
      throw ValidationError(
        "--out must end in .safetensors, not '\(out)'; 'export' writes the result in other formats.")
    }
  }

  func run() throws {
    let path = out ?? Self.defaultPath(for: checkpoint)
    try Folder.requireParent(of: path)
    let console = output.console
    let result = try QuantizedCheckpoint(
      checkpoint, split: split, calibration: images, percentile: percentile, inference: try inference.settings(),
      console: console, data: dataOptions.source(on: console))
    guard path != result.checkpoint.path else {
      throw Failure(.usage, "--out \(path) is the checkpoint itself; choose another file.")
    }
    try AtomicFile.write(result.file, to: path)
    try console.result(output.json ? [json(result, path).text] : lines(result, path))
  }

  /// The checkpoint's name, without its extension, with `-int8.safetensors`.
  private static func defaultPath(for checkpoint: String) -> String {
    var name = checkpoint
    while name.count > 1, name.hasSuffix("/") { name.removeLast() }
    for end in [".safetensors", ".onnx"] where name.endsWith(bytesOf: end) { name.removeLast(end.count) }
    return "\(name)-int8.safetensors"
  }

  /// What was made, for programs.
  private func json(_ result: QuantizedCheckpoint, _ path: String) -> JSONValue {
    [
      "schema": 1, "checkpoint": .string(checkpoint), "output": .string(path),
      "model": .string(result.network.model.name), "split": .string(split.rawValue),
      "count": .integer(result.data.source.count), "calibration_images": .integer(result.calibrationCount),
      "percentile": .number(percentile),
      "accuracy": [
        "float": .rounded(result.accuracy.before, decimals: 6), "int8": .rounded(result.accuracy.after, decimals: 6),
      ],
      "agreement": .rounded(result.agreement, decimals: 6),
      "bytes": ["float": .integer(result.byteCounts.before), "int8": .integer(result.byteCounts.after)],
      "sha256": .string(SHA256.hexadecimal(of: result.file)),
    ]
  }

  /// What was made, for people.
  private func lines(_ result: QuantizedCheckpoint, _ path: String) -> [String] {
    let count = NumberText.grouped(result.data.source.count)
    func change(_ before: String, _ after: String) -> String { "\(before) → \(after)" }
    return TextTable.pairs([
      ("checkpoint", path), ("model", result.network.model.name),
      ("ranges", "from \(NumberText.grouped(result.calibrationCount)) training images"),
      (
        "accuracy",
        change(
          NumberText.percent(result.accuracy.before, decimals: 2),
          NumberText.percent(result.accuracy.after, decimals: 2))
          + " on \(count) \(split.rawValue) images"
      ),
      ("same answers", NumberText.percent(result.agreement, decimals: 2)),
      ("size", change(NumberText.bytes(result.byteCounts.before), NumberText.bytes(result.byteCounts.after))),
    ])
  }
}
