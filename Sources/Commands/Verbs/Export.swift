internal import ArgumentParser
internal import Files
internal import Interchange
internal import Runs
internal import Support
internal import Terminal

/// `jacquard export`: writes a checkpoint for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a checkpoint in another program's format.",
    discussion: """
      onnx is the whole model, for onnxruntime and others: images are [batch, channels, height, width], and the output is 'logits'. \
      safetensors loads into PyTorch with load_state_dict; npz has the same names and layouts as NumPy arrays. Convolution weights are \
      [out, in, height, width]; those of dense layers are [out, in], with inputs in the order channel, row, column after a flatten.

      Examples:
        jacquard export runs/cnn-1 --output model.onnx --include-preprocessing
        jacquard export runs/cnn-1 --output model.npz
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Option(
    help: ArgumentHelp("The format (from the output's extension).", valueName: "format"))
  var format: ExportFormat?

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
  var output: String

  @Option(help: ArgumentHelp("The model, if the weights file does not name it.", valueName: "name|file"))
  var model: String?

  @Option(help: ArgumentHelp("Operator set of an ONNX model, 13 or 17 (13).", valueName: "n"))
  var opset: Int?

  @Flag(help: "Put the preprocessing into the ONNX model, which then takes pixels from 0 to 255 (uint8).")
  var includePreprocessing = false

  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() throws {
    guard let format = format ?? ExportFormat(fileName: output) else {
      let formats = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(
        .usage, "the extension of '\(output)' is not a known format; set --format to one of \(formats).")
    }
    if let named = ExportFormat(fileName: output), named != format {
      throw Failure(
        .usage, "--output \(output) has the extension .\(named.rawValue), but --format is \(format.rawValue).")
    }
    let onnx = try onnx(format)
    try Folder.requireParent(of: output)
    let file = try ExportedFile(of: try Checkpoint(checkpoint, model: model), as: format, to: output, onnx: onnx)
    if let doubt = file.doubt { outputOptions.console.note(doubt) }
    try outputOptions.console.result(outputOptions.json ? [file.json.text] : file.lines)
  }

  /// How to write an ONNX model; rejects its options for other formats.
  private func onnx(_ format: ExportFormat) throws(Failure) -> ONNXExport {
    guard format == .onnx || (opset == nil && !includePreprocessing) else {
      throw Failure(
        .usage, "--opset and --include-preprocessing are for ONNX models, not for --format \(format.rawValue).")
    }
    guard let operatorSet = ONNXExport.OperatorSet(rawValue: opset ?? 13) else {
      throw Failure(.usage, "--opset must be 13 or 17, not '\(opset ?? 13)'.")
    }
    return ONNXExport(operatorSet: operatorSet, input: includePreprocessing ? .pixels : .normalized)
  }
}
