internal import ArgumentParser
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// `jacquard summary`: lists the parts of a model.
struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "List a model's layers, shapes, parameters, multiply-adds and memory.",
    discussion: """
      Multiply-adds and memory are per image; multiply-adds are for one forward pass. A named model is built for Fashion-MNIST unless \
      the shape of other images follows its name, and perhaps the number of classes.

      Examples:
        jacquard summary vgg
        jacquard summary resnet18:224x224x3:1000
        jacquard summary model.json --json
        jacquard summary runs/vgg-1
      """)

  @Argument(
    help: ArgumentHelp("\(WordOption.models), a JSON file, a run folder or a weights file."), completion: .model)
  var model: String

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let (model, sparsity) = try ModelReference.modelAndSparsity(model)
    let report = ModelReport(model: model, summary: try model.summary(), sparsity: sparsity)
    try output.console.result(output.json ? [report.json.text] : report.lines)
  }
}
