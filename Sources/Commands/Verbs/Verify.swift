internal import ArgumentParser
internal import Studies
internal import Support
internal import Terminal

/// `jacquard verify`: checks the files of runs.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that the files of a run are undamaged.",
    discussion: """
      Weights and states contain a checksum of all their numbers and text; the record of a finished run has the SHA-256 of its weights. \
      Both are compared with the files; other files are only read. Nothing is changed. 'train --resume' restores damaged weights from \
      the state. The exit code is 65 if a file is damaged or missing.

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
        : "\(verification.faults.count) files are damaged or missing; the first is \(first.file).")
  }
}
