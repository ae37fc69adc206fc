internal import ArgumentParser
internal import BLAS
internal import Jacquard

/// `jacquard train`: trains a model and writes a run folder.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model and write a run folder.",
    discussion: """
      Flags go over --config, which goes over the defaults in parentheses. The run folder is runs/NAME-N in the current folder, \
      or --out. Stopped by Ctrl-C, the run finishes its step and writes its weights first; a second Ctrl-C ends it at once.
      """)

  @OptionGroup(title: "Recipe") var recipe: RecipeFlags
  @OptionGroup(title: "Computation") var computation: ComputationFlags
  @OptionGroup(title: "Files") var files: RunFileOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    let settings = try settings()
    let model = try model(settings.model)
    if files.printConfig {
      try console.result(settings.json.indentedText)
      return
    }
    let machine = Machine()
    try MemoryCheck.check(model, settings: settings, memory: machine.memory)
    let data = try TrainingData(folder: try dataOptions.folder(), model: model, settings: settings)
    let network = try network(model, settings: settings)
    let threads = settings.threads ?? min(256, machine.cores)
    // From here on there is something to finish before the process ends.
    StopSignal.install()
    let folder = try RunFolder(requested: files.out, name: model.name)
    let record = RunRecord(
      model: model.name, parameters: network.parameterCount, threads: threads,
      provenance: Provenance(machine: machine, data: data.files), started: SystemClock.timestamp)
    let journal = try RunJournal(folder: folder, settings: settings, record: record)
    console.note("training \(model.name) on \(NumberText.grouped(data.training.count)) images in \(folder.path)")
    let run = TrainingRun(
      settings: settings, network: network, data: data, team: WorkerTeam(threads: threads), journal: journal,
      console: console)
    let (result, stopped) = try run.run()
    try console.result(output.json ? [result.json.text] : result.lines)
    if let stopped { throw stopped }
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

  /// The model, whose name may stand in a flag or in a configuration file.
  private func model(_ text: String) throws(CommandFailure) -> Model {
    do throws(CommandFailure) {
      return try ModelReference.model(text)
    } catch {
      guard recipe.model == nil, error.status == .usage, let path = files.config else { throw error }
      throw CommandFailure(.badConfiguration, "\(path): \(error.message)")
    }
  }

  /// The network with its first weights.
  private func network(_ model: Model, settings: TrainSettings) throws -> Network {
    let network = try Network(model, options: settings.computeOptions)
    if let weights = settings.initialWeights {
      try Checkpoint.load(weights, into: network)
    } else {
      try network.initialize(settings.initialization, seed: UInt64(settings.seed))
    }
    return network
  }
}
