internal import ArgumentParser
internal import Datasets
internal import Files
internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// `jacquard train`: trains a model and writes a run folder.
struct Train: TrainingVerb {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model and write a run folder.",
    discussion: """
      Without a model or another part of a recipe, it trains the preset fast; --preset says what counts. With one, the defaults are those in \
      parentheses. Flags override environment variables, which override --config, which overrides the defaults. The variable of a \
      setting is JACQUARD_ and its flag's name, such as JACQUARD_BATCH_SIZE=64 or JACQUARD_SHUFFLE=false; --print-config shows the \
      result. The run folder is --out, or runs/NAME-N in the current folder. On Ctrl-C, the run finishes its step and saves; a second \
      Ctrl-C ends it at once. SIGUSR1 saves the run, and training continues. Whatever ended a run, --resume continues at the saved step, and ends \
      with the same weights as an uninterrupted run.

      Examples:
        jacquard train
        jacquard train --model vgg --epochs 10 --augment flip,shift=2 --out runs/vgg
        jacquard train --preset notebook
        jacquard train --validation 0.1 --early-stopping 3 --json
        jacquard train --data photos --image-size 32 --validation 0.1 --tensorboard
        jacquard train --from resnet18.onnx --freeze body --data photos
        jacquard train --model lenet --teacher fast --epochs 5
        jacquard train --resume runs/vgg --epochs 20
        jacquard train --seeds 5 --out runs/five
      """)

  @Option(
    help: ArgumentHelp(
      "Train n runs, with seeds from --seed on, in subfolders of the run folder, and report mean and standard deviation.",
      valueName: "n"))
  var seeds: Int?

  @OptionGroup(title: "Recipe") var step: StepFlags
  @OptionGroup(title: "Length and rates") var recipe: RecipeFlags
  @OptionGroup(title: "Computation") var computation: ComputationFlags
  @OptionGroup(title: "Start") var start: StartFlags
  @OptionGroup(title: "Transfer") var transfer: TransferFlags
  @OptionGroup(title: "Files") var files: RunFileOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if let seeds, !(2...1000 ~= seeds) {
      throw ValidationError("--seeds must be a whole number from 2 to 1000, not '\(seeds)'.")
    }
    if seeds != nil, files.pauseAfter != nil {
      throw ValidationError("--seeds and --pause-after cannot be combined.")
    }
  }

  func run() throws {
    let console = output.console
    // From here on only a second signal ends the process immediately. A signal that arrives while data is read is handled before
    // anything is written.
    StopSignal.install()
    if let path = files.resume {
      if let (study, threads) = try continuedStudy(path, console) { return try run(study, threads: threads, console) }
    } else if let seeds {
      guard let (study, threads) = try begunStudy(seeds, console) else { return }
      return try run(study, threads: threads, console)
    }
    guard let setup = try files.resume.map({ try continued($0, console) }) ?? begun(console) else { return }
    setup.announce(on: console)
    let (result, stopped) = try setup.run(console: console).run()
    try console.result(output.json ? [result.json.text] : result.lines)
    if let stopped { throw stopped }
    if !output.json, let folder = setup.folder?.path {
      let split = !setup.data.lacksTest ? "" : setup.data.validation == nil ? " --split train" : " --split validation"
      console.note("next: jacquard evaluate \(ShellText.quoted(folder))\(split)")
      console.note("      jacquard report \(ShellText.quoted(folder))")
    }
  }

  /// A new run; nil if only its settings were requested.
  private func begun(_ console: Console) throws -> TrainingSetup? {
    guard let (settings, choice, source) = try preparation(console) else { return nil }
    let machine = Machine()
    let data = try TrainingData(source, model: choice, settings: settings)
    try MemoryCheck.check(data.model, settings: settings, memory: machine.memory, teachers: data.teachers)
    let initialWeights = try InitialWeights.file(of: settings)
    for note in choice.source?.notes(for: data.model) ?? [] { console.note(console.wording.text(of: note)) }
    let network = try Network(data.model, settings: settings, training: data.training)
    if let status = StopSignal.request { throw status }
    return TrainingSetup(
      settings: settings, data: data, network: network,
      folder: try RunFolder(requested: files.out, name: data.model.name), past: nil, stored: nil, machine: machine,
      initialWeights: initialWeights, pauseEpoch: files.pauseAfter)
  }

  /// A run to resume; nil if there is nothing to do, or only its settings were requested.
  private func continued(_ path: String, _ console: Console) throws -> TrainingSetup? {
    if files.out != nil {
      throw Failure(.usage, "--out cannot be combined with --resume; the run stays in its folder.")
    }
    if start.preset != nil {
      throw Failure(.usage, "--preset cannot be combined with --resume; the run keeps its settings.")
    }
    let run = try ContinuedRun(path, file: try start.configuration(), flags: flags)
    if files.printConfig {
      try console.result(asIs: [run.settings.json.indentedText])
      return nil
    }
    let expected = run.stored?.state.data ?? run.past?.data.map(\.sha256)
    if run.isFinished, let result = run.past?.result {
      if dataOptions.data != nil, let expected {
        let files = try TrainingData.fingerprint(of: try source(of: run, console), settings: run.settings).files()
        try TrainingSetup.check(files, expected: expected, run: run.folder.path)
      }
      console.note(
        "\(run.folder.path): the run is finished, so there is nothing to resume; to train further, raise --epochs or --max-steps."
      )
      try console.result(output.json ? [result.text] : TrainingResult.lines(of: result))
      return nil
    }
    try checkProducts(run.settings, console)
    let machine = Machine()
    let data = try TrainingData(try source(of: run, console), model: run.model, settings: run.settings)
    try MemoryCheck.check(data.model, settings: run.settings, memory: machine.memory, teachers: data.teachers)
    if let expected { try TrainingSetup.check(data.files, expected: expected, run: run.folder.path) }
    let initialWeights =
      run.stored == nil ? try InitialWeights.file(of: run.settings) : run.past?.initialWeights
    let network =
      run.stored == nil
      ? try Network(data.model, settings: run.settings, training: data.training)
      : try Network(awaitingWeights: data.model, options: run.settings.computeOptions)
    if let status = StopSignal.request {
      console.say(
        "jacquard: stopped before the first step; resume with: jacquard train --resume \(ShellText.quoted(path))\n")
      throw status
    }
    return TrainingSetup(
      settings: run.settings, data: data, network: network, folder: run.folder, past: run.past,
      stored: run.stored, machine: machine, initialWeights: initialWeights, pauseEpoch: files.pauseAfter)
  }

  /// The run's data: in its original place, unless a flag names another or it is no longer there.
  private func source(of run: ContinuedRun, _ console: Console) throws -> DataSource {
    let source: DataSource
    if dataOptions.data == nil, let path = run.past?.dataPath, Folder.kind(path) != .nothing {
      source = try DataSource(path: path, pictures: PictureReading(run.settings, console: console))
    } else {
      source = try dataOptions.source(run.settings, console)
    }
    try dataOptions.checkFlags(for: source)
    return source
  }
}
