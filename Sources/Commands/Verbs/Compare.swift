internal import ArgumentParser
internal import Datasets
internal import Figures
internal import Files
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// `jacquard compare`: compares checkpoints on the same images.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare runs or checkpoints on the same images, and show the images on which they disagree.",
    discussion: """
      Accuracies have Wilson's 95 % interval. McNemar's test compares two checkpoints on the images that only one of them got right: a \
      small p means that so uneven a split would be rare if they were equally good; below 0.05, the better one is named. With fewer \
      than 25 such images, the test is exact. images/s is from this single pass; 'jacquard bench model' measures speed carefully.

      Examples:
        jacquard compare runs/cnn-1 runs/vgg-1
        jacquard compare runs/a runs/b runs/c --output images.svg --csv images.csv
      """)

  @Argument(help: "Two or more run folders or weights files.")
  var checkpoints: [String]

  @Option(help: "The part of the data.")
  var split = EvaluationSplit.test

  @Option(help: ArgumentHelp("Number of disagreements in the picture.", valueName: "n"))
  var count = 24

  @Option(help: ArgumentHelp("A file for all disagreements as CSV.", valueName: "file"))
  var csv: String?

  @OptionGroup var viewOptions: ViewOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Inference") var inference: PictureInferenceOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard checkpoints.count > 1 else { throw ValidationError("Name at least two checkpoints to compare.") }
    guard 1...SampleChoice.limit ~= count else {
      throw ValidationError("--count must be a whole number from 1 to \(SampleChoice.limit), not '\(count)'.")
    }
  }

  func run() throws {
    let file = try picture.file()
    if let csv { try Folder.requireParent(of: csv) }
    StopSignal.install()
    let comparison = try Comparison(
      checkpoints, data: dataOptions.source(on: output.console), split: split, views: viewOptions.views,
      inference: try inference.settings(),
      console: output.console)
    if let file {
      try comparison.source.set.shape.requirePicture(of: checkpoints[0])
      try file.write(try comparison.panels(count).drawing())
    }
    if let csv { try AtomicFile.write(text: comparison.csv, to: csv) }
    try output.console.result(
      output.json
        ? [comparison.json(picture: picture.output, csv: csv).text]
        : comparison.lines(picture: picture.output, csv: csv))
  }
}
