internal import Support
internal import Figures

/// Where a figure is shown: in a file or in a terminal that can show it.
enum PictureTarget {
  /// A file.
  case file(PictureFile)
  /// The terminal at standard output.
  case terminal(PictureProtocol, Theme)

  /// Decides where, before any work starts.
  ///
  /// - Parameters:
  ///   - picture: What the user asks for.
  ///   - terminal: Whether it should be in the terminal.
  ///   - isJSON: Whether standard output is for a program.
  ///   - example: A name for the file, as advice.
  /// - Throws: a `CommandFailure` if there is no file and no terminal that shows pictures.
  init(
    _ picture: PictureOptions, _ terminal: TerminalOptions, isJSON: Bool, example: String
  ) throws(CommandFailure) {
    let isForTerminal = terminal.terminal || terminal.pictureProtocol != nil
    if let file = try picture.file() {
      if isForTerminal { throw CommandFailure(.usage, "--output and --terminal exclude each other.") }
      self = .file(file)
      return
    }
    if isJSON || !(isForTerminal || StandardStream.output.isTerminal) {
      throw CommandFailure(.usage, "where should the picture go? Name a file, such as --output \(example).")
    }
    let chosen = terminal.resolved
    guard chosen.showsPictures else {
      throw CommandFailure(
        .usage, "this terminal shows no pictures; name a file, such as --output \(example).")
    }
    self = .terminal(chosen, picture.theme.theme(auto: .dark))
  }

  /// Shows a figure and says where it went.
  ///
  /// - Parameters:
  ///   - kind: What it shows, in one word.
  func show(_ drawing: Drawing, kind: String, output: OutputOptions) throws {
    switch self {
    case .file(let file):
      try file.write(drawing)
      let json: JSONValue = ["schema": 1, "figure": .string(kind), "output": .string(file.path)]
      try output.console.result(output.json ? [json.text] : TextTable.pairs([("picture", file.path)]))
    case .terminal(let chosen, let theme):
      try output.console.result(try PictureText.text(of: drawing, chosen, theme: theme) ?? "")
    }
  }
}
