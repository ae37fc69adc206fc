internal import ArgumentParser

/// `jacquard train`: trains a model and writes a run folder.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model and write a run folder.",
    discussion: """
      Flags go over --config, which goes over the defaults in parentheses. The run folder is runs/NAME-N in the current folder, \
      or --out. Stopped by Ctrl-C, the run finishes its step and writes its weights first.
      """)

  @OptionGroup(title: "Recipe") var recipe: RecipeFlags
  @OptionGroup(title: "Computation") var computation: ComputationFlags
  @OptionGroup(title: "Files") var files: RunFileOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    let settings = try settings()
    if files.printConfig {
      try console.result(settings.json.indentedText)
      return
    }
  }

  /// The defaults, the configuration file and the flags, put on each other.
  private func settings() throws -> TrainSettings {
    if files.resume != nil {
      throw CommandFailure(
        .usage,
        "--resume is not available in this version; train anew, or start from the run's weights with --init-from.")
    }
    return try TrainSettings.resolve(
      file: try files.configuration(), flags: recipe.values + computation.values + files.values)
  }
}
