import CommandTestSupport
import TestSupport
import Testing

/// The flags and examples of every command, as the command line lists them.
struct OptionNamesTests {
  private struct Command {
    let path: [String]
    let flags: [String]
  }

  private static func commands() throws -> [Command] {
    let root = try #require(try Tool().run("--experimental-dump-help").json()["command"] as? [String: Any])
    let commands = commands(in: root, path: [])
    try #require(commands.count > 20)
    return commands
  }

  private static func commands(in command: [String: Any], path: [String]) -> [Command] {
    let arguments = command["arguments"] as? [[String: Any]] ?? []
    let names = arguments.flatMap { $0["names"] as? [[String: Any]] ?? [] }
    let flags = names.compactMap { $0["name"] as? String }
    let children = (command["subcommands"] as? [[String: Any]] ?? []).flatMap { child in
      commands(in: child, path: path + [child["commandName"] as? String ?? ""])
    }
    return [Command(path: path, flags: flags)] + children
  }

  /// The first of two flags with the same name would hide the second without a word.
  @Test func noCommandHasTwoFlagsOfOneName() throws {
    // The command 'help' belongs to the library.
    for command in try Self.commands() where !command.path.contains("help") {
      let repeated = Dictionary(grouping: command.flags) { $0 }.filter { $0.value.count > 1 }.keys
      #expect(repeated.isEmpty, "\(command.path): \(repeated.sorted())")
    }
  }

  /// A folded example would be two commands when copied.
  @Test func noExampleIsFolded() throws {
    for command in try Self.commands() where !command.path.contains("help") {
      let help = try Tool().run(command.path + ["--help"]).output
      let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        .drop { $0 != "Examples:" }.prefix { !$0.hasPrefix("USAGE:") }
      let folded = lines.filter { !$0.isEmpty && !$0.hasPrefix("  ") && !$0.hasSuffix(":") }
      #expect(folded.isEmpty, "\(command.path): \(folded)")
    }
  }

  @Test func scaleIsThatOfThePictureWhereThereIsOne() throws {
    let run = try TinyRun()
    try #require(try run.begin("run").status == 0)
    let command = ["errors", "run", "--data", "data", "--json"]
    let plain = try run.tool.run(command)
    #expect(try run.tool.run(command + ["--scale", "4"]).output == plain.output)
    let scaled = try run.tool.run(command + ["--pixel-scale", "4"])
    #expect(scaled.status == 0 && scaled.output != plain.output, "\(scaled.error)")
    let wrong = try run.tool.run(command + ["--pixel-scale", "0"])
    #expect(wrong.status == 64 && wrong.error.contains("--pixel-scale must be a number above 0"))
  }

  @Test func severalClassesAreAListOnATerminal() throws {
    let run = try TinyRun()
    try #require(try run.begin("run").status == 0)
    let input = "data/t10k-images-idx3-ubyte"
    let pane = try TerminalPane(run.tool, ["predict", "run", input + ":0..1", "--top", "2"])
    let lines = pane.lines.filter { !$0.isEmpty }
    #expect(lines.count == 6 && lines.first == input + ":0" && lines[3] == input + ":1", "\(lines)")
  }
}
