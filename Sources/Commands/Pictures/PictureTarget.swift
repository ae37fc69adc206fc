internal import Figures
internal import Support
internal import Terminal

/// Where a figure is shown: in a file or in a terminal that can show it.
enum PictureTarget {
  /// A file.
  case file(PictureFile)
  /// The terminal at standard output.
  case terminal(PictureProtocol, Theme)
  /// The terminal at standard output, which shows no pictures but letters.
  case text(PlotText)

  /// Decides where, before any work starts.
  ///
  /// - Parameters:
  ///   - picture: What the user asks for.
  ///   - terminal: Whether it should be in the terminal.
  ///   - isJSON: Whether standard output is for a program.
  ///   - hasText: Whether the figure can be shown by letters, too.
  ///   - example: A name for the file, as advice.
  /// - Throws: a `Failure` if there is no file and no terminal that shows pictures.
  init(
    _ picture: PictureOptions, _ terminal: TerminalOptions, isJSON: Bool, hasText: Bool = false, example: String
  ) throws(Failure) {
    let isForTerminal = terminal.terminal || terminal.pictureProtocol != nil
    if let file = try picture.file() {
      if isForTerminal { throw Failure(.usage, "--output and --terminal exclude each other.") }
      self = .file(file)
      return
    }
    if isJSON || !(isForTerminal || StandardStream.output.isTerminal) {
      throw Failure(.usage, "where should the picture go? Name a file, such as --output \(example).")
    }
    let chosen = terminal.resolved
    if !chosen.showsPictures, hasText {
      let isUnicode = chosen == .blocks && Console().isUnicode
      self = .text(PlotText(columns: StandardStream.output.columns ?? 80, isUnicode: isUnicode))
      return
    }
    guard chosen.showsPictures else {
      throw Failure(
        .usage, "this terminal shows no pictures; name a file, such as --output \(example).")
    }
    self = .terminal(chosen, picture.theme.theme(auto: .dark))
  }

  /// Shows a figure and says where it went.
  ///
  /// - Parameters:
  ///   - kind: What it shows, in one word.
  ///   - text: The figure in letters, where it has any.
  func show(
    _ drawing: @autoclosure () throws -> Drawing, kind: String, output: OutputOptions,
    text: (PlotText) -> [String] = { _ in [] }
  ) throws {
    switch self {
    case .file(let file):
      try file.write(try drawing())
      let json: JSONValue = ["schema": 1, "figure": .string(kind), "output": .string(file.path)]
      try output.console.result(output.json ? [json.text] : TextTable.pairs([("picture", file.path)]))
    case .terminal(let chosen, let theme):
      try output.console.result(asIs: [try PictureText.text(of: try drawing(), chosen, theme: theme) ?? ""])
    case .text(let plot):
      try output.console.result(text(plot))
    }
  }
}
