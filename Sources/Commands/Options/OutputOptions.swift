internal import ArgumentParser
internal import Terminal

/// How a command speaks; every verb has these.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print the result as JSON.")
  var json = false

  @Flag(help: "Print nothing but the result, warnings and errors.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "How to show progress; auto is a bar on a terminal and a plain line per epoch elsewhere.", valueName: "mode"))
  var progress = ProgressMode.auto

  /// The console that these options ask for.
  var console: Console { Console(isQuiet: quiet, progress: progress, wording: CommandLineWording()) }
}

extension ProgressMode: ExpressibleByArgument {}
