internal import ArgumentParser
internal import Datasets
internal import Support
internal import Terminal

/// `jacquard data verify`: reads and checks everything.
struct DataVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read every byte of the data and check it.",
    discussion: """
      Checks headers, sizes, checksums, counts and labels, and whether the data is Fashion-MNIST, byte for byte. Every part is checked, \
      even if another part fails, and every picture that cannot be read is named. The exit code is that of the first failure. An odd \
      picture whose pixels can be read gets a warning.

      Examples:
        jacquard data verify --data folder
      """)

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    let verification = DataVerification(try dataOptions.source(output.console))
    try console.result(output.json ? [verification.json.text] : verification.lines)
    for warning in verification.warnings { console.warn(text: warning) }
    for failure in verification.failures { console.report(failure: failure.text) }
    if let first = verification.failures.first { throw CommandFailure(describing: first).status }
  }
}
