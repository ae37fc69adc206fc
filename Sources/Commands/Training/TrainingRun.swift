internal import Interchange
internal import Jacquard

/// A training run: it turns the engine's events into progress, rows and weights files, and stops when it is asked to.
final class TrainingRun {
  private let settings: TrainSettings
  private let network: Network
  private let data: TrainingData
  private let team: WorkerTeam
  private let trainer: Trainer
  private let provenance: WeightsProvenance
  private var journal: RunJournal
  private var display: ProgressDisplay
  private let console: Console

  private var speed: TrainingSpeed
  private var best = BestEpoch()
  private var epoch = EpochTotals()
  private var lastEpoch: EpochSummary?
  private var epochStart = 0.0
  private var epochsBegun = 0
  private var trainingSeconds = 0.0
  private var trainedImages = 0
  private var weightsSHA256 = ""
  private var failure: (any Error)?
  private let start: Double

  /// Prepares a run; nothing has been computed yet.
  init(
    settings: TrainSettings, network: Network, data: TrainingData, team: WorkerTeam, journal: RunJournal,
    console: Console
  ) {
    self.settings = settings
    self.network = network
    self.data = data
    self.team = team
    self.journal = journal
    self.console = console
    provenance = WeightsProvenance(settings: settings, data: data.files)
    trainer = Trainer(
      network: network, configuration: settings.trainingConfiguration, provider: data.training, team: team)
    display = ProgressDisplay(console: console) { SystemClock.seconds }
    start = SystemClock.seconds
    speed = TrainingSpeed(
      totalSteps: settings.trainingConfiguration.totalSteps(count: data.training.count), now: start)
  }

  /// Trains, evaluates, and writes all that a run leaves behind.
  ///
  /// - Returns: The result, and how the process should exit if a signal stopped the run.
  func run() throws -> (result: TrainingResult, stopped: ExitStatus?) {
    do {
      epochStart = SystemClock.seconds
      trainer.run { [self] event in
        do {
          return try handle(event)
        } catch {
          failure = error
          return .stop
        }
      }
      display.clear()
      if let failure { throw failure }
      // The weights are there: a signal during this last evaluation loses nothing else.
      let test = StopSignal.status == nil ? data.test.flatMap(score) : nil
      let stopped = StopSignal.status
      let result = result(test: test)
      try journal.end(stopped == nil ? .finished : .stopped, result: result.json)
      return (result, stopped)
    } catch {
      display.clear()
      let failure = CommandFailure(describing: error)
      // The first failure is the one to report, even if its record cannot be written either.
      try? journal.end(.failed, result: nil, failure: failure.message)
      throw failure
    }
  }

  private func handle(_ event: TrainingEvent) throws -> TrainingControl {
    switch event {
    case .step(let step): try handle(step)
    case .epoch(let report): try handle(report)
    case .fault(let fault): throw NonFiniteStep.failure(fault)
    }
  }

  private func handle(_ step: StepReport) throws -> TrainingControl {
    if epoch.images == 0 { epochsBegun = step.epoch }
    epoch.add(step)
    speed.add(images: step.images)
    let now = SystemClock.seconds
    display.show(progress(after: step, now: now))
    if let interval = settings.saveEvery, step.step.isMultiple(of: interval) {
      try saveLastWeights()
    }
    if StopSignal.status != nil { return .stop }
    if let limit = settings.maximumSeconds, now - start >= limit { return .stop }
    return .proceed
  }

  private func handle(_ report: EpochReport) throws -> TrainingControl {
    speed.pause(now: SystemClock.seconds)
    trainingSeconds += report.seconds
    trainedImages += report.images
    let isStopped = StopSignal.status != nil
    let validation = isStopped ? nil : data.validation.flatMap(score)
    let now = SystemClock.seconds
    let summary = EpochSummary(
      epoch: report.epoch, epochCount: settings.epochs, steps: report.step, learningRate: report.learningRate,
      training: .init(loss: report.loss, accuracy: report.accuracy), validation: validation,
      imagesPerSecond: Double(report.images) / max(1e-9, report.seconds), seconds: now - epochStart)
    lastEpoch = summary
    try saveLastWeights()
    let isBest = validation.map { best.improves(with: $0) } ?? false
    if isBest { try AtomicFile.write(try serializedWeights(), to: journal.folder.bestWeights) }
    try journal.append(summary, isBest: isBest)
    display.show(summary)
    epoch = EpochTotals()
    epochStart = SystemClock.seconds
    speed.resume(now: epochStart)
    return StopSignal.status == nil ? .proceed : .stop
  }

  private func progress(after step: StepReport, now: Double) -> StepProgress {
    StepProgress(
      epoch: step.epoch, epochCount: settings.epochs, step: epoch.steps,
      stepCount: settings.trainingConfiguration.stepsPerEpoch(count: data.training.count), loss: epoch.loss,
      accuracy: epoch.accuracy, imagesPerSecond: speed.imagesPerSecond(now: now),
      secondsLeft: speed.secondsLeft(step: step.step, now: now))
  }

  /// Loss and accuracy of the network as it is; nil if a signal came before it was done.
  private func score(_ samples: EvaluationSamples) -> EpochSummary.Score? {
    let predictions = Predictor(network, team: team).logits(of: samples) { StopSignal.status != nil }
    return predictions.map { predictions in
      let report = ClassificationReport(predictions, classNames: network.model.classNames)
      return EpochSummary.Score(loss: report.loss, accuracy: report.accuracy)
    }
  }

  /// Writes the weights as they are.
  private func saveLastWeights() throws {
    let bytes = try serializedWeights()
    try AtomicFile.write(bytes, to: journal.folder.lastWeights)
    weightsSHA256 = SHA256.hexadecimal(of: bytes)
  }

  private func serializedWeights() throws(ModelError) -> [UInt8] {
    try Checkpoint.file(of: network, provenance: provenance.json(epoch: epochsBegun, step: trainer.step)).serialized()
  }

  private func result(test: EpochSummary.Score?) -> TrainingResult {
    TrainingResult(
      run: journal.folder.path, model: network.model.name, parameters: network.parameterCount, epochs: epochsBegun,
      steps: trainer.step, seed: settings.seed, threads: team.count, shards: settings.shards,
      seconds: SystemClock.seconds - start,
      imagesPerSecond: Double(trainedImages) / max(1e-9, trainingSeconds), training: lastEpoch?.training,
      validation: lastEpoch?.validation, test: test, weights: journal.folder.lastWeights,
      weightsSHA256: weightsSHA256)
  }
}
