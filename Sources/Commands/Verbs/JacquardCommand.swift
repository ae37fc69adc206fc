internal import ArgumentParser
internal import LinearAlgebra
internal import Runs
internal import Terminal

/// The command without a verb: it lists the verbs and prints the version.
struct JacquardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jacquard",
    abstract: "Train and use image classifiers on this machine's processor.",
    discussion: """
      Start with 'jacquard train'. It looks for data in --data, $JACQUARD_DATA, \
      $XDG_DATA_HOME/jacquard/fashion-mnist and /usr/share/datasets/fashion-mnist.
      """,
    subcommands: [
      Train.self, Presets.self, LRFind.self, Evaluate.self, Batch.self, Compare.self, Crossval.self, Sweep.self,
      Reproduce.self,
      Verify.self, ListRuns.self,
      Predict.self, Errors.self, Explain.self, Serve.self,
      PlotVerbs.self, Report.self, Summary.self, Export.self, Import.self, Quantize.self, DataVerbs.self, Bench.self,
      Doctor.self,
      Manual.self, Worker.self,
    ])

  @Flag(help: "Print the version, the BLAS, the processor its kernels are for, and how they were chosen.")
  var version = false

  func run() throws {
    guard version else { throw CleanExit.helpRequest() }
    let library = BLASLibrary()
    let text = "jacquard \(Version.current) (\(library); kernels: \(library.kernelDescription))"
    try Console().result(FoldedText.lines(text, columns: FoldedText.terminalColumns, indentation: 2))
  }
}
