internal import ArgumentParser

/// `jacquard data`: describes and checks the data, and manages what is kept of it.
struct DataVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Describe, show or check the data; manage its cache.",
    subcommands: [DataInfo.self, DataShow.self, DataVerify.self, DataClean.self, DataCache.self])
}
