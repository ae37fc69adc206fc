internal import ArgumentParser

/// `jacquard data`: what the data is, and whether it is sound.
struct DataVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Describe or check the data.",
    subcommands: [DataInfo.self, DataVerify.self])
}
