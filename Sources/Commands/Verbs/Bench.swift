internal import ArgumentParser

/// `jacquard bench`: how fast this machine is.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure speed: matrix products, convolutions, whole models.",
    discussion: """
      Everything is checked against plain loops before it is measured; a row that fails has an error instead of figures, and the \
      exit code is 1.
      """,
    subcommands: [BenchGemm.self, BenchConv.self, BenchModel.self])
}
