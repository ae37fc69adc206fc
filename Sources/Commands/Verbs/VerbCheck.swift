internal import ArgumentParser
internal import Support

/// Finds mistyped verbs before the parser, which would only call them unexpected arguments.
enum VerbCheck {
  /// Follows the verbs at the beginning of the arguments.
  ///
  /// - Throws: a `Failure` for an unknown verb, with the nearest known one.
  static func check(_ arguments: [String], root: any ParsableCommand.Type) throws(Failure) {
    var command = root
    var path = name(of: root)
    for argument in arguments {
      let verbs = command.configuration.subcommands
      if verbs.isEmpty || argument.hasPrefix("-") { return }
      if argument == "help" { continue }
      guard let verb = verbs.first(where: { name(of: $0) == argument }) else {
        let names = verbs.filter { $0.configuration.shouldDisplay }.map { name(of: $0) }
        let hint = Suggestion.closest(to: argument, among: names).map { "Did you mean '\($0)'?" }
        let advice = hint ?? "The verbs are \(names.joined(separator: ", "))."
        throw Failure(
          .usage, "Unknown verb '\(argument)'. \(advice) See '\(path) --help' for more information.")
      }
      command = verb
      path += " " + argument
    }
  }

  /// Whether a command is ours, not the parser's own help command.
  static func isVerb(_ command: any ParsableCommand, of root: any ParsableCommand.Type) -> Bool {
    root.configuration.subcommands.contains { $0 == type(of: command) || isVerb(command, of: $0) }
  }

  private static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? ""
  }
}
