internal import ArgumentParser
internal import Datasets
internal import Support
internal import Terminal

/// `jacquard data info`: counts, class balance, mean and deviation, values, repeated images.
struct DataInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Count images, classes, pixel values and repeated images; print mean and deviation.",
    discussion: """
      Mean and deviation are those of each set's pixels, scaled to 0…1. A repeated image equals an earlier one, pixel by pixel.

      Examples:
        jacquard data info
        jacquard data info --data folder --json
        jacquard data info --data own.npz
      """)

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let source = try dataOptions.source(output.console)
    let sets = try source.loadBoth()
    let validation =
      try source.holds(.validation)
      ? try source.load(.validation, classNames: sets.training.classNames) : nil
    let report = DataReport(
      folder: source.path, training: sets.training, validation: validation, test: sets.test,
      reading: try DataReport.Reading(of: source, training: sets.training))
    try output.console.result(output.json ? [report.json.text] : report.lines)
  }
}
