internal import ArgumentParser
internal import Support
internal import Terminal

/// `jacquard doctor`: reports what this machine has, what it lacks, and what is slow.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check machine, libraries and data, and say how to get what is missing.",
    discussion: """
      Multiplies for a few milliseconds, to compare the BLAS with the processor's peak. The exit code is 1 if something is missing or \
      unusable; warnings do not count.

      Examples:
        jacquard doctor
      """)

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let diagnosis = Diagnosis(data: dataOptions)
    let columns = StandardStream.output.columns ?? 80
    try output.console.result(output.json ? [diagnosis.json.text] : diagnosis.lines(columns: columns))
    if !diagnosis.isHealthy { throw ExitStatus.someItemsFailed }
  }
}
