internal import ArgumentParser
internal import Terminal

/// Output options, which every verb has.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print the result as JSON.")
  var json = false

  @Flag(help: "Print nothing but the result, warnings and errors.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "How to show progress; auto is a bar on a terminal, otherwise a plain line per epoch.", valueName: "mode"))
  var progress = ProgressMode.auto

  /// The console for these options.
  var console: Console { Console(isQuiet: quiet, progress: progress, wording: CommandLineWording()) }
}

extension ProgressMode: ExpressibleByArgument {}
