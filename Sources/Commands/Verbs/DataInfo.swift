internal import ArgumentParser
internal import Datasets

/// `jacquard data info`: counts, class balance, mean and deviation.
struct DataInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Count images and classes; give mean and deviation.",
    discussion: "Mean and deviation are those of the training images' pixels, scaled to 0…1.")

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let folder = try dataOptions.folder()
    let sets = try folder.loadBoth()
    let report = DataReport(folder: folder.path, sets: [(.training, sets.training), (.test, sets.test)])
    try output.console.result(output.json ? [report.json.text] : report.lines)
  }
}
