internal import ArgumentParser
internal import Jacquard

/// `jacquard predict`: the classes of images.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Classify images, one result per line.",
    discussion: """
      An input is an IDX file (all of its images), one of its items (file:7), or several (file:0..9, both ends included). A file \
      that is not found by its name is looked for among the data. Lines are input, class, label and probability, with tabs between \
      them, or JSON objects. An input that cannot be read is a line with the error; the others go on, and the exit code is 1.
      """)

  @Argument(help: ArgumentHelp("A run folder (its last weights) or a .safetensors file."))
  var checkpoint: String

  @Argument(help: "IDX files or items of them.")
  var inputs: [String]

  @OptionGroup(title: "Inference") var inference: InferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    let loaded = try Checkpoint(checkpoint, model: inference.model)
    let network = try loaded.network()
    let predictor = Predictor(
      network, team: WorkerTeam(threads: inference.threadCount), chunk: inference.imagesPerWorker)
    var hasFailures = false
    for text in inputs {
      let reference = InputReference(text)
      let input: PredictionInput
      do {
        input = try PredictionInput(reference, model: loaded.model, data: dataOptions)
      } catch {
        hasFailures = true
        try console.result(errorLine(text, CommandFailure(describing: error)))
        continue
      }
      try show(predictor, reference, input, on: console)
    }
    if hasFailures { throw ExitStatus.someItemsFailed }
  }

  /// Prints the answers to the images of an input.
  private func show(
    _ predictor: Predictor, _ reference: InputReference, _ input: PredictionInput, on console: Console
  ) throws {
    guard let predictions = predictor.logits(of: EvaluationSamples(input.source)) else { return }
    let classNames = predictor.network.model.classNames
    var lines: [String] = []
    for (index, item) in input.items.enumerated() {
      let logits = predictions.logits.span.extracting(index * classNames.count..<(index + 1) * classNames.count)
      let prediction = Prediction(input: reference.name(of: item), logits: logits, classNames: classNames)
      lines.append(output.json ? prediction.json.text : prediction.line)
    }
    try console.result(lines)
  }

  private func errorLine(_ input: String, _ failure: CommandFailure) -> String {
    if output.json {
      return (["schema": 1, "input": .string(input), "error": .string(failure.message)] as JSONValue).text
    }
    return [CommandFailure.singleLine(input), "error", failure.message].joined(separator: "\t")
  }
}
