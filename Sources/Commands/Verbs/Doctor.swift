internal import ArgumentParser

/// `jacquard doctor`: what this machine has and lacks.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check machine, libraries and data, and say how to get what is missing.",
    discussion: """
      The exit code is 1 if something is missing; warnings do not count.

      Examples:
        jacquard doctor
      """)

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let diagnosis = Diagnosis(data: dataOptions)
    try output.console.result(output.json ? [diagnosis.json.text] : diagnosis.lines)
    if !diagnosis.isHealthy { throw ExitStatus.someItemsFailed }
  }
}
