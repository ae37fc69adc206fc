internal import Figures
internal import Support
internal import Terminal

/// Where to show a figure: in a file, or in the terminal.
enum PictureTarget {
  /// A file.
  case file(PictureFile)
  /// The terminal on standard output.
  case terminal(PictureProtocol, Theme)
  /// The terminal on standard output, as text, because it cannot show pictures.
  case text(PlotText)

  /// Chooses the target, before any work starts.
  ///
  /// - Parameters:
  ///   - picture: The user's options.
  ///   - terminal: Whether to show it in the terminal.
  ///   - isJSON: Whether standard output is for a program.
  ///   - hasText: Whether the figure can also be shown as text.
  ///   - example: A file name to suggest.
  /// - Throws: a `Failure` if no file is named and no terminal shows pictures.
  init(
    _ picture: PictureOptions, _ terminal: TerminalOptions, isJSON: Bool, hasText: Bool = false, example: String
  ) throws(Failure) {
    let isForTerminal = terminal.terminal || terminal.pictureProtocol != nil
    if let file = try picture.file() {
      if isForTerminal { throw Failure(.usage, "--output and --terminal cannot be combined.") }
      self = .file(file)
      return
    }
    if isJSON || !(isForTerminal || StandardStream.output.isTerminal) {
      throw Failure(.usage, "no destination for the picture; name a file, such as --output \(example).")
    }
    let chosen = terminal.resolved
    if !chosen.showsPictures, hasText {
      let isUnicode = chosen == .blocks && Console().isUnicode
      self = .text(PlotText(columns: StandardStream.output.columns ?? 80, isUnicode: isUnicode))
      return
    }
    guard chosen.showsPictures else {
      throw Failure(
        .usage, "this terminal cannot show pictures; name a file, such as --output \(example).")
    }
    self = .terminal(chosen, picture.theme.theme(auto: .dark))
  }

  /// Shows a figure, or writes it and reports its path.
  ///
  /// - Parameters:
  ///   - kind: The figure's name, in one word.
  ///   - text: The figure as text, if it has such a form.
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
