internal import ArgumentParser
internal import Datasets
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// `jacquard evaluate`: measures the quality of a checkpoint.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a checkpoint: loss, accuracy, per-class figures, confusion, calibration.",
    discussion: """
      The interval of the accuracy is Wilson's: the accuracy on other images of the same kind lies within it 95 times out of 100. Macro \
      averages weigh every class equally. With --min-accuracy the exit code is 3 if the accuracy is lower.

      Examples:
        jacquard evaluate runs/cnn-1
        jacquard evaluate runs/cnn-1 --split validation --views flip,shift=1
        jacquard evaluate model.safetensors --min-accuracy 0.9 --json
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Option(help: "The part of the data.")
  var split = EvaluationSplit.test

  @Option(help: ArgumentHelp("Minimum accuracy, 0…1.", valueName: "x"))
  var minAccuracy: Double?

  @OptionGroup var viewOptions: ViewOptions
  @OptionGroup(title: "Inference") var inference: InferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if let minAccuracy, !(0...1 ~= minAccuracy) {
      throw ValidationError("--min-accuracy must be a number of at least 0 and at most 1, not '\(minAccuracy)'.")
    }
  }

  func run() throws {
    let console = output.console
    let evaluation = try Evaluation(
      checkpoint: checkpoint, split: split, views: viewOptions.views, inference: try inference.settings(),
      console: output.console,
      data: dataOptions.source(on: output.console))
    let origin = evaluation.data.origin
    if let leftOut = try? origin.inventory().leftOutText { console.note("\(origin.path): left out: \(leftOut)") }
    try console.result(output.json ? [evaluation.json.text] : evaluation.lines)
    if let minAccuracy, evaluation.accuracy < minAccuracy {
      let reached = NumberText.fixed(evaluation.accuracy, decimals: 6)
      throw Failure(.gateNotMet, "the accuracy \(reached) is below --min-accuracy \(minAccuracy).")
    }
  }
}

extension EvaluationSplit: ExpressibleByArgument {}
