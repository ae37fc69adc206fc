internal import Datasets
internal import Files
internal import Interchange
internal import JacquardEngine
internal import Runs
package import Support
package import Terminal

/// Trains a recorded run again, or some of its epochs, and compares the result.
///
/// Writes nothing unless a folder is named for it, and never into the run's own folder.
package struct Reproduction {
  /// Options besides the run.
  package struct Options {
    /// The epochs; nil for all of them.
    package var epochs: ClosedRange<Int>?
    /// A state file to start from; nil for the run's own.
    package var state: String?
    /// The data; nil for its original place.
    package var data: String?
    /// The weights file that the run started from; nil for its original place.
    package var initialWeights: String?
    /// Worker threads; nil for the number in the run's settings.
    package var threads: Int?
    /// The run folder to write; nil for none.
    package var out: String?

    /// Makes options; all are optional.
    package init(
      epochs: ClosedRange<Int>? = nil, state: String? = nil, data: String? = nil, initialWeights: String? = nil,
      threads: Int? = nil, out: String? = nil
    ) {
      self.epochs = epochs
      self.state = state
      self.data = data
      self.initialWeights = initialWeights
      self.threads = threads
      self.out = out
    }
  }

  private let recorded: RecordedRun
  private let span: ReproductionSpan
  private let options: Options
  private let console: Console
  private let machine = Machine()

  /// Reads a run folder and finds what the repetition needs, before reading any data.
  package init(_ path: String, options: Options, console: Console) throws(Failure) {
    recorded = try RecordedRun(path)
    span = try ReproductionSpan(recorded, range: options.epochs, state: options.state)
    guard options.initialWeights == nil || (Self.startsFromFile(recorded.settings) && span.start == nil) else {
      throw Failure(
        .usage,
        "\(.initFrom) applies only to a run that started from a weights file, trained again from its first step; remove it."
      )
    }
    let firstStep = span.start?.state.progress.step ?? 0
    guard recorded.timeline.firstStep <= firstStep else {
      throw Failure(
        .noInput,
        "\(recorded.folder.path): the run began after step \(recorded.timeline.firstStep), with another run's state; "
          + "name that state with \(.fromState).")
    }
    self.options = options
    self.console = console
  }

  /// Trains and compares.
  ///
  /// - Throws: a `Failure` if the run cannot be trained again, a `StopRequest` if a signal stopped it.
  package func run() throws -> ReproductionResult {
    let data = try checkedData()
    try MemoryCheck.check(
      data.model, settings: recorded.settings, memory: machine.memory, teachers: data.teachers)
    let weights = try initialWeights()
    if let status = StopSignal.request { throw status }
    let lengths = recorded.settings.trainingConfiguration.epochLengths(count: data.training.count)
    let lastStep = span.isWhole ? recorded.lastStep : lengths.steps(inEpochs: span.epochs.upperBound)
    let firstStep = span.start?.state.progress.step ?? 0
    announce(data, steps: firstStep..<max(firstStep, lastStep))
    let rows = RowComparison(recorded.rows, console: console)
    let begin = SystemClock.seconds
    let (training, fault) = try train(data, from: firstStep, to: lastStep, initialWeights: weights, rows: rows)
    var result = ReproductionResult(
      recorded: recorded, span: span, steps: firstStep..<max(firstStep, training.trainer.step), lastStep: lastStep,
      rows: rows, threads: training.team.count, seconds: SystemClock.seconds - begin, out: training.journal?.folder.path
    )
    result.differences = differences(data)
    result.note(initialWeightsNote)
    result.note(fault)
    try compare(training, into: &result)
    return result
  }

  // MARK: Data

  private func checkedData() throws -> TrainingData {
    let settings = recorded.settings
    let source = try source()
    let expected = recorded.past.data.map(\.sha256)
    let choice = try modelChoice()
    let data: TrainingData
    do {
      data = try TrainingData(source, model: choice, settings: settings)
    } catch {
      // If the data is not the run's, its other problems do not matter.
      let files = try TrainingData.fingerprint(of: source, settings: settings).files()
      try TrainingSetup.check(files, expected: expected, run: recorded.folder.path, orElse: "")
      throw error
    }
    try TrainingSetup.check(data.files, expected: expected, run: recorded.folder.path, orElse: "")
    if let model = recorded.weights?.model ?? span.start?.model,
      let place = JSONDifference.first(between: model, and: data.model)
    {
      throw Failure(
        .badConfiguration,
        "\(recorded.folder.path): the model \"\(settings.model)\" is not the one that was trained: \(place) differs; "
          + "restore the original, or use version \(recorded.past.version ?? "?") of this program.")
    }
    return data
  }

  /// The data in its original place, unless a flag names another or it is no longer there.
  private func source() throws -> DataSource {
    if options.data == nil, let path = recorded.past.dataPath, Folder.kind(path) != .nothing {
      return try DataSource(path: path, pictures: PictureReading(recorded.settings, console: console))
    }
    return try DataSource.named(options.data, recorded.settings, console: console)
  }

  /// The model of the settings; if its file is missing, that of the weights.
  private func modelChoice() throws(Failure) -> ModelChoice {
    let text = recorded.settings.model
    if recorded.settings.source != nil {
      // The file that the network came from may be elsewhere, and its hash is checked; the data gave it its head.
      if let model = recorded.weights?.model ?? span.start?.model { return .fixed(model) }
      var settings = recorded.settings
      settings.source = options.initialWeights ?? settings.source
      return try ModelChoice(settings)
    }
    if let model = recorded.weights?.model ?? span.start?.model,
      case .file(let path)? = try? ModelReference(text), Folder.kind(path) == .nothing
    {
      return .fixed(model)
    }
    return try ModelChoice(text)
  }

  /// The weights file that the run started from; nil for random weights, or if the repetition starts later.
  private func initialWeights() throws(Failure) -> Provenance.DataFile? {
    guard span.start == nil, Self.startsFromFile(recorded.settings) else { return nil }
    let settings = recorded.settings
    let file = try InitialWeights.file(options.initialWeights ?? settings.source ?? settings.initialWeights)
    if let before = recorded.past.initialWeights, let file, file.sha256 != before.sha256 {
      throw Failure(
        .badConfiguration,
        "\(recorded.folder.path): the initial weights differ: \(file.path) has the SHA-256 \(file.sha256), but "
          + "the run began with \(before.sha256); name the right file with \(.initFrom).")
    }
    return file
  }

  /// Whether a run began with weights from a file.
  private static func startsFromFile(_ settings: TrainSettings) -> Bool {
    settings.initialWeights != nil || settings.source != nil
  }

  private var initialWeightsNote: String? {
    guard span.start == nil, Self.startsFromFile(recorded.settings), recorded.past.initialWeights == nil else {
      return nil
    }
    return "the run did not record the SHA-256 of its initial weights, so they may have changed"
  }

  // MARK: Training

  private func announce(_ data: TrainingData, steps: Range<Int>) {
    let images = NumberText.grouped(data.training.count)
    let range = EpochRange.text(span.epochs)
    console.note(
      "training \(data.model.name) of \(recorded.folder.path) again on \(images) images: epoch\(span.epochs.count == 1 ? "" : "s") "
        + "\(range), steps \(steps.lowerBound + 1) to \(steps.upperBound)")
  }

  /// Trains the sessions of the run, one after another.
  ///
  /// - Returns: The last session, and the reason if a step that was not finite ended it too early.
  private func train(
    _ data: TrainingData, from firstStep: Int, to lastStep: Int, initialWeights: Provenance.DataFile?,
    rows: RowComparison
  ) throws -> (training: TrainingRun, fault: String?) {
    let folder = try options.out.map { try RunFolder(requested: $0, name: data.model.name) }
    var stored = span.start
    var training: TrainingRun?
    let segments = recorded.timeline.segments(from: firstStep, to: lastStep, isWhole: span.isWhole)
    for (index, segment) in segments.enumerated() {
      let isLast = index == segments.count - 1
      let end = isLast ? (span.isWhole ? recorded.end : .pause) : .signal
      let settings = settings(segment.settings)
      let setup = TrainingSetup(
        settings: settings, data: data, network: try network(data, settings, isFresh: stored == nil),
        folder: folder, past: folder.flatMap { PastRecord(path: $0.record) }, stored: stored, machine: machine,
        initialWeights: initialWeights, pauseEpoch: nil,
        replay: Replay(lastStep: segment.lastStep, rollbacks: segment.rollbacks, end: end, report: rows.add))
      let run = try setup.run(console: console)
      let stopped: StopRequest?
      do {
        stopped = try run.run().stopped
      } catch let failure as Failure {
        let (kind, text) = console.wording.description(of: failure)
        guard kind == .badData else { throw failure }
        return (run, text)
      }
      if let status = stopped {
        if folder == nil { console.say("jacquard: stopped after step \(run.trainer.step); nothing was compared\n") }
        throw status
      }
      training = run
      if !isLast { stored = try folder.map { try StateFile(path: $0.state) } ?? run.currentState() }
    }
    guard let training else {
      throw Failure(
        .internalError,
        "\(recorded.folder.path): the run has no part to train. This is a bug in the program; please report it.")
    }
    return (training, nil)
  }

  /// The settings of a session, with the last session's circumstances, which do not affect numbers.
  private func settings(_ session: TrainSettings) -> TrainSettings {
    var settings = session.withoutCircumstances
    settings.threads = options.threads ?? recorded.settings.threads
    settings.maximumSeconds = recorded.settings.maximumSeconds
    settings.saveEvery = recorded.settings.saveEvery
    settings.keepStates = recorded.settings.keepStates
    settings.tensorBoard = recorded.settings.tensorBoard
    return settings
  }

  private func network(_ data: TrainingData, _ settings: TrainSettings, isFresh: Bool) throws -> Network {
    guard isFresh else { return try Network(awaitingWeights: data.model, options: settings.computeOptions) }
    var settings = settings
    if let path = options.initialWeights {
      if settings.source == nil { settings.initialWeights = path } else { settings.source = path }
    }
    return try Network(data.model, settings: settings, training: data.training)
  }

  // MARK: Comparing

  private func compare(_ training: TrainingRun, into result: inout ReproductionResult) throws {
    switch span.evidence {
    case .weights(let weights):
      let tensors = try self.tensors(of: training)
      result.compare(recorded: weights.file.tensors, found: tensors)
      result.weightsSHA256 = (weights.sha256, weights.sha256(with: tensors))
    case .hash(let hash):
      let session = recorded.past.sessions.last?["machine"]
      let provenance = WeightsProvenance(
        settings: recorded.settings, data: recorded.past.data, version: recorded.past.version ?? Version.current,
        library: session?["blas"]?.string ?? "", core: session?["blas_core"]?.string ?? "")
      let file = try Checkpoint.file(
        of: training.network, training.trainer.averagedNetwork().snapshot(),
        provenance: provenance.json(epoch: recorded.lastEpoch, step: recorded.lastStep))
      result.weightsSHA256 = (hash, file.sha256)
    case .state(let state):
      result.compare(recorded: state.currentTensors, found: try training.currentState().currentTensors)
    case .rows: break
    }
  }

  private func tensors(of training: TrainingRun) throws -> [NamedTensor] {
    try Checkpoint.file(of: training.network, training.trainer.averagedNetwork().snapshot(), provenance: .null).tensors
  }

  /// What has changed since the run was trained, as far as it was recorded.
  private func differences(_ data: TrainingData) -> [ReproductionResult.Difference] {
    let provenance = Provenance(machine: machine, data: data.files, dataPath: data.path, initialWeights: nil)
    var pairs: [(String, JSONValue, JSONValue)] = []
    if let version = recorded.past.version { pairs.append(("version", .string(version), .string(Version.current))) }
    guard case .object(let facts) = provenance.machineSummary else { return [] }
    for session in recorded.past.sessions {
      for fact in facts {
        if let before = session["machine"]?[fact.name] { pairs.append((fact.name, before, fact.value)) }
      }
    }
    var differences: [ReproductionResult.Difference] = []
    for (name, before, now) in pairs where before != now {
      let difference = ReproductionResult.Difference(name: name, recorded: before, now: now)
      if !differences.contains(difference) { differences.append(difference) }
    }
    return differences
  }
}
