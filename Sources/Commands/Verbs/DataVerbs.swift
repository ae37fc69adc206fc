internal import ArgumentParser

/// `jacquard data`: what the data is, and whether it is sound.
struct DataVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Describe, show or check the data.",
    subcommands: [DataInfo.self, DataShow.self, DataVerify.self])
}
