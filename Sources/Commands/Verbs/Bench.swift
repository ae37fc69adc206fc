internal import ArgumentParser

/// `jacquard bench`: measures the speed of this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure speed: matrix products, convolutions, whole models.",
    discussion: """
      Everything is checked against plain loops before it is measured. A row that fails shows an error instead of figures, and the exit \
      code is 1.
      """,
    subcommands: [BenchGemm.self, BenchConv.self, BenchModel.self])
}
