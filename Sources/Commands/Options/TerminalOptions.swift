internal import ArgumentParser
internal import Files
internal import Terminal

/// Whether to show pictures in the terminal, and how.
struct TerminalOptions: ParsableArguments {
  @Flag(help: "Show the pictures in the terminal.")
  var terminal = false

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp(
      "How the terminal shows pictures: kitty, iterm2, sixel, blocks or characters (detected).", valueName: "name"
    ))
  var pictureProtocol: PictureProtocol?

  /// The way to show pictures, detected if not given.
  var resolved: PictureProtocol {
    if let pictureProtocol { return pictureProtocol }
    return .detect(isTerminal: StandardStream.output.isTerminal) {
      Environment.value($0)
    } ask: {
      // A remote terminal takes a while to answer.
      TerminalQuestion.answer(to: $0, end: UInt8(ascii: "c"), milliseconds: 400)
    }
  }
}

extension PictureProtocol: ExpressibleByArgument {}
