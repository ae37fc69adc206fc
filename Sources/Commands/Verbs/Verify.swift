internal import ArgumentParser
internal import Studies
internal import Support
internal import Terminal

/// `jacquard verify`: whether the files of runs are what was written.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that the files of a run hold what was written.",
    discussion: """
      Weights and states have a checksum over all their numbers and words; the record of a finished run has the SHA-256 of its weights. \
      Both are compared with what is there now, the other files are read. Nothing is changed. Weights that are damaged are made again \
      by 'train --resume', from the state. The exit code is 65 if a file is damaged or missing.

      Examples:
        jacquard verify runs/cnn-1
        jacquard verify runs/cnn-1 --json
      """)

  @Argument(help: ArgumentHelp("A run folder.", valueName: "run"), completion: .directory)
  var folder: String

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let verification = try RunVerification(folder)
    let console = output.console
    try console.result(output.json ? [verification.json(console.wording).text] : verification.lines(console.wording))
    guard let first = verification.faults.first else { return }
    throw Failure(
      .badData,
      verification.faults.count == 1
        ? "\(first.file) is \(first.status.rawValue)."
        : "\(verification.faults.count) files are damaged or missing, the first is \(first.file).")
  }
}
