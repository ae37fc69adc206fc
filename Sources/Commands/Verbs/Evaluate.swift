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
        jacquard evaluate runs/cnn-1 --fit-temperature
        jacquard evaluate runs/folds --ensemble
        jacquard evaluate model.safetensors --min-accuracy 0.9 --json
      """)

  @Argument(
    help: ArgumentHelp("A run folder (its last weights), a .safetensors or an .onnx file."), completion: .file())
  var checkpoint: String

  @Option(help: "The part of the data (test; with --fit-temperature: validation).")
  var split: EvaluationSplit?

  @Flag(
    help:
      "Fit a temperature for the probabilities on these images, and store it with the weights; no answer changes.")
  var fitTemperature = false

  @Flag(
    help:
      "Evaluate the mean of the probabilities of all runs in a folder, such as that of 'crossval', on the test images."
  )
  var ensemble = false

  @Option(help: ArgumentHelp("Minimum accuracy, 0…1.", valueName: "x"))
  var minAccuracy: Double?

  @Option(
    help: ArgumentHelp(
      "Also print the accuracy of each group of images: a CSV table with the columns index or path, and group.",
      valueName: "file"), completion: .file())
  var by: String?

  @Option(
    help: ArgumentHelp(
      "Also print what answers cost, and the least that they could: a CSV table with the columns true, predicted and cost.",
      valueName: "file"), completion: .file())
  var costs: String?

  @OptionGroup var viewOptions: ViewOptions
  @OptionGroup(title: "Inference") var inference: InferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if ensemble, fitTemperature {
      throw ValidationError("--ensemble cannot be combined with --fit-temperature; fit the temperature of each run.")
    }
    if ensemble, let split, split != .test {
      throw ValidationError(
        "--ensemble evaluates the test images: each other image was trained on by some of the runs; remove --split.")
    }
    if fitTemperature, viewOptions.views != .none {
      throw ValidationError(
        "--fit-temperature cannot be combined with --views; views use the temperature of the images.")
    }
    if fitTemperature, inference.preprocessing.isStated {
      throw ValidationError(
        "--fit-temperature needs the preprocessing of the weights file; remove --mean, --deviation and --scale.")
    }
    if let minAccuracy, !(0...1 ~= minAccuracy) {
      throw ValidationError("--min-accuracy must be a number of at least 0 and at most 1, not '\(minAccuracy)'.")
    }
  }

  func run() throws {
    let console = output.console
    let split = split ?? (fitTemperature ? .validation : .test)
    if fitTemperature, split != .validation {
      let reason =
        split == .train
        ? "the network has seen the training images, and is surer of them than of others"
        : "figures on the test images are then no longer those of new images"
      console.warn("fitting the temperature on --split \(split.rawValue): \(reason); prefer --split validation")
    }
    let evaluation = try Evaluation(
      checkpoint: checkpoint, split: split, views: viewOptions.views, isEnsemble: ensemble,
      fitsTemperature: fitTemperature,
      inference: try inference.settings(),
      console: output.console,
      data: dataOptions.source(on: output.console))
    let origin = evaluation.data.origin
    if let leftOut = try? origin.inventory().leftOutText { console.note("\(origin.path): left out: \(leftOut)") }
    let groups = try by.map { try GroupFigures($0, of: evaluation) }
    let costs = try costs.map { file throws(Failure) in try CostFigures(file, of: evaluation) }
    try console.result(
      output.json
        ? [evaluation.json(groups: groups, costs: costs).text] : evaluation.lines(groups: groups, costs: costs))
    if let minAccuracy, evaluation.accuracy < minAccuracy {
      let reached = NumberText.fixed(evaluation.accuracy, decimals: 6)
      throw Failure(.gateNotMet, "the accuracy \(reached) is below --min-accuracy \(minAccuracy).")
    }
  }
}

extension EvaluationSplit: ExpressibleByArgument {}
