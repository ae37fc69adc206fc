internal import Runs

/// The manual page of a verb, in the macros of man(7).
struct ManualPage {
  private let command: CommandDescription
  private let program: CommandDescription

  /// The page of a verb of a program.
  init(_ command: CommandDescription, of program: CommandDescription) {
    self.command = command
    self.program = program
  }

  /// The page's name, which also begins its file name: `jacquard-data-info`.
  var name: String { command.path.joined(separator: "-") }

  /// The name of its file.
  var fileName: String { name + ".1" }

  /// The page.
  var text: String {
    var page = Roff()
    page.header(name: name, date: Version.date, source: "jacquard " + Version.current)
    page.section("NAME")
    page.line("\(Roff.escaped(name)) \\- \(Roff.escaped(Self.uncapitalized(command.abstract)))")
    page.section("SYNOPSIS")
    page.line(synopsis)
    page.section("DESCRIPTION")
    let (description, examples) = parts
    page.paragraphs(command.abstract + (description.isEmpty ? "" : "\n\n" + description))
    if !command.verbs.isEmpty {
      page.section("VERBS")
      for verb in command.verbs {
        page.item(Roff.bold(verb.path.joined(separator: " ")), verb.abstract)
      }
    }
    options(in: &page)
    if !examples.isEmpty {
      page.section("EXAMPLES")
      page.example(examples)
    }
    exitStatus(in: &page)
    environment(in: &page)
    page.section("SEE ALSO")
    page.line(related.map { Roff.bold($0) + "(1)" }.joined(separator: ",\n"))
    return page.text
  }

  /// The discussion, and the lines under its heading of examples.
  private var parts: (description: String, examples: [String]) {
    let lines = command.discussion.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let heading = lines.firstIndex(of: "Examples:") else { return (command.discussion, []) }
    let examples = lines[(heading + 1)...].map { $0.hasPrefix("  ") ? String($0.dropFirst(2)) : $0 }
    return (lines[..<heading].joined(separator: "\n"), examples.filter { !$0.isEmpty })
  }

  private var synopsis: String {
    var words = [Roff.bold(command.path.joined(separator: " "))]
    if !command.verbs.isEmpty { words.append(Roff.italic("verb")) }
    for argument in command.arguments where argument.kind == .option && !argument.isOptional {
      words.append(Self.signature(argument))
    }
    if command.arguments.contains(where: { $0.kind != .positional && $0.isOptional }) { words.append("[options]") }
    for argument in command.arguments where argument.kind == .positional {
      let value = Roff.italic(argument.valueName) + (argument.isRepeating ? "\\ ..." : "")
      words.append(argument.isOptional ? "[\(value)]" : value)
    }
    return words.joined(separator: " ")
  }

  private func options(in page: inout Roff) {
    let positional = command.arguments.filter { $0.kind == .positional }
    if !positional.isEmpty {
      page.section("ARGUMENTS")
      for argument in positional { page.item(Roff.italic(argument.valueName), Self.words(of: argument)) }
    }
    let options = command.arguments.filter { $0.kind != .positional }
    guard !options.isEmpty else { return }
    page.section("OPTIONS")
    // Options without a title belong to the verb itself and come first, as in its help.
    var titles: [String] = [""]
    for option in options where !titles.contains(option.section) { titles.append(option.section) }
    for title in titles {
      let group = options.filter { $0.section == title }
      if !title.isEmpty, !group.isEmpty { page.subsection(title) }
      for (index, option) in group.enumerated() {
        // A flag and its opposite share an item.
        let opposite = "--no-" + (option.names.last ?? "").dropFirst(2)
        if index > 0, (option.names.last ?? "") == "--no-" + (group[index - 1].names.last ?? "").dropFirst(2) {
          continue
        }
        let hasOpposite = index + 1 < group.count && group[index + 1].names.last == opposite
        page.item(
          Self.signature(option) + (hasOpposite ? ", " + Roff.bold(opposite) : ""), Self.words(of: option))
      }
    }
  }

  private func exitStatus(in page: inout Roff) {
    guard command.verbs.isEmpty || command.path.count == 1 else { return }
    page.section("EXIT STATUS")
    for status in ExitStatus.allCases { page.item(Roff.bold(String(status.rawValue)), status.meaning) }
  }

  private func environment(in page: inout Roff) {
    guard command.path.count == 1 || command.path.last == "train" else { return }
    page.section("ENVIRONMENT")
    page.item(Roff.bold("JACQUARD_DATA"), "The data, unless --data is given.")
    page.item(
      Roff.bold("JACQUARD_CACHE"),
      "The folder of decoded pictures: by default $XDG_CACHE_HOME/jacquard or ~/.cache/jacquard; off keeps none.")
    page.item(Roff.bold("JACQUARD_THREADS"), "Worker threads, unless --threads is given.")
    page.item(Roff.bold("NO_COLOR"), "If set, turns colors off.")
    let names = SettingField.all.map(\.variable).filter { $0 != "JACQUARD_THREADS" }
    page.item(
      names.map(Roff.bold).joined(separator: ", "),
      "Settings of train; they override its configuration file, and flags override them.")
  }

  /// The pages above, below and beside this one.
  private var related: [String] {
    if command.path.count == 1 { return command.verbs.map { $0.path.joined(separator: "-") } }
    let above = program.all.filter { $0.path.count < command.path.count && command.path.starts(with: $0.path) }
    return (above + command.verbs).map { $0.path.joined(separator: "-") }
  }

  /// An option with its value, such as `-o, --output file`.
  private static func signature(_ argument: CommandDescription.Argument) -> String {
    let names = argument.names.map(Roff.bold).joined(separator: ", ")
    return argument.kind == .option ? names + " " + Roff.italic(argument.valueName) : names
  }

  /// What an argument does, with its allowed values and default.
  private static func words(of argument: CommandDescription.Argument) -> String {
    var text = argument.abstract
    if !argument.words.isEmpty { text += " One of \(argument.words.joined(separator: ", "))." }
    if let value = argument.initialValue { text += " Default: \(value)." }
    return argument.discussion.isEmpty ? text : text + " " + argument.discussion
  }

  private static func uncapitalized(_ text: String) -> String {
    var text = text.hasSuffix(".") ? String(text.dropLast()) : text
    if let first = text.first { text.replaceSubrange(...text.startIndex, with: first.lowercased()) }
    return text
  }
}
