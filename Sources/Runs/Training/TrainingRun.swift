internal import Datasets
internal import Figures
package import Files
internal import Interchange
package import JacquardEngine
internal import Support
package import Terminal

/// A training run: it turns the engine's events into progress, rows, states and weights files, and stops on request.
///
/// The state file commits a save. Everything else is written so that it can be cut back to the state (rows and events, before it) or
/// restored from it (weights, after it).
package final class TrainingRun {
  package let settings: TrainSettings
  package let network: Network
  package let data: TrainingData
  package let team: WorkerTeam
  package let trainer: Trainer
  package let provenance: WeightsProvenance
  package let console: Console
  /// The journal; nil for a run that writes no files.
  package var journal: RunJournal?
  package var display: ProgressDisplay
  /// The event files; nil if not requested.
  package var tensorBoard: TensorBoardLog?

  package var speed: TrainingSpeed
  /// The best validation score so far, and the network that had it.
  package var best = BestEpoch()
  var bestNetwork: NetworkSnapshot?
  /// The validation images' features, if the network has a frozen body.
  private let validationFeatures = KeptFeatures()
  /// The target of a rollback; nil if the settings ask for none.
  var epochStart: TrainerSnapshot?
  package var lastEpoch: EpochSummary?
  /// Sums over earlier sessions, and this one's complete epochs.
  package var totals = RunTotals()
  /// The epoch after which the run pauses; nil if it continues to its end.
  package let pauseEpoch: Int?
  /// Where a repeated run ends; nil for any other.
  package let replay: Replay?
  /// Why the training ended; nil while it continues.
  package var end: RunEnd?
  /// Whether the last save is done: nothing written from here on belongs to it.
  var isTrained = false
  package var weightsSHA256 = ""
  package let start: Double
  var epochStartTime: Double
  var lastSaveTime: Double
  /// The seconds of the last save.
  var saveSeconds = 0.0
  /// The end of an epoch that is not saved yet.
  var unsavedEpoch: TrainerSnapshot?
  /// Whether the best weights differ from those in their file.
  var hasUnwrittenBest = false
  /// The step of the saved state; nil before the first save.
  package var savedStep: Int?
  /// The sizes of the last saved state and weights.
  var stateByteCount = 0
  var weightsByteCount = 0

  /// Prepares a run without computing anything.
  ///
  /// - Parameters:
  ///   - stored: The state to resume; nil for a run that begins with the network as it is.
  ///   - pauseEpoch: The epoch after which it pauses; the schedule remains that of all epochs.
  package init(
    settings: TrainSettings, network: Network, data: TrainingData, team: WorkerTeam, journal: RunJournal?,
    stored: StateFile?, pauseEpoch: Int? = nil, replay: Replay? = nil, console: Console
  ) throws {
    self.settings = settings
    self.network = network
    self.data = data
    self.team = team
    self.journal = journal
    self.console = console
    self.pauseEpoch = pauseEpoch
    self.replay = replay
    provenance = WeightsProvenance(settings: settings, data: data.files)
    trainer = Trainer(network, on: data.training, recipe: data.recipe(settings, for: network), team: team)
    display = ProgressDisplay(console: console) { SystemClock.seconds }
    start = SystemClock.seconds
    epochStartTime = start
    lastSaveTime = start
    if let stored {
      try trainer.checkProgress(of: stored)
      trainer.restore(try stored.current(of: trainer))
      best = stored.state.best
      bestNetwork = try stored.best(of: network)
      lastEpoch = stored.state.lastEpoch
      totals = stored.state.totals
      epochStart = try stored.epochStart(of: trainer)
    }
    speed = TrainingSpeed(totalSteps: trainer.totalSteps, firstStep: trainer.step, now: start)
    if settings.tensorBoard, let journal {
      try journal.folder.checkPlace()
      tensorBoard = try TensorBoardLog(
        folder: journal.folder.tensorBoard, hasValidation: data.validation != nil,
        resumingBefore: stored == nil ? 0 : trainer.progress.firstStepToTellAgain, totalSteps: trainer.totalSteps
      ) { SystemClock.secondsSinceEpoch }
    }
    if settings.faultPolicy != .rollback { epochStart = nil }
    if settings.faultPolicy == .rollback, epochStart == nil { epochStart = trainer.snapshot() }
  }

  /// Trains, evaluates, and writes all files of the run.
  ///
  /// - Returns: The result, and the request to stop, if there was one.
  package func run() throws -> (result: TrainingResult, stopped: StopRequest?) {
    do {
      // Shows before any work that everything can be written, and makes the run resumable from the first step on.
      try save(trainer.snapshot())
      try writeBestWeights()
      if isPatienceOver(after: trainer.progress.epochsBegun), trainer.progress.position == 0 {
        end = .earlyStopping
      } else if trainer.progress.position == 0, isPauseDue(after: trainer.progress.epochsBegun) {
        end = .pause
      } else if let replay, replay.isOver(step: trainer.step, rollbacks: totals.rollbacks) {
        end = replay.end
      } else {
        if trainer.step < trainer.totalSteps { try checkRoom() }
        try train()
      }
      display.clear()
      isTrained = true
      let test = isTested ? try data.test.flatMap { try score($0) } : nil
      let stopped = StopSignal.request
      let end = stopped == nil ? finalEnd : .signal
      let result = result(test: test)
      try journal?.folder.checkPlace()
      try journal?.end(end.isFinal ? .finished : .stopped, by: end, step: trainer.step, result: result.json)
      if !end.isFinal, replay == nil || stopped != nil { tellHowToResume() }
      return (result, stopped)
    } catch {
      display.clear()
      let failure = describe(error)
      // The first failure is the one to report, even if its record cannot be written either.
      if (try? journal?.folder.checkPlace()) != nil {
        try? journal?.end(
          .failed, step: trainer.step, result: nil, failure: console.wording.description(of: failure).text)
      }
      throw failure
    }
  }

  /// Trains to the end of the run, or until something ends it earlier.
  private func train() throws {
    // The end of an epoch may have been saved before its row was written.
    if let epoch = trainer.finishedEpoch, try !finish(epoch) { return }
    while end == nil {
      let finished: EpochReport?
      do {
        guard let step = try trainer.nextStep() else { return }
        try handle(step)
        finished = end == nil ? step.finishedEpoch : trainer.currentEpoch
      } catch let fault as StepFault {
        finished = try handle(fault)
      }
      if let finished, try !finish(finished) { return }
    }
  }

  /// Records an epoch, or the part that was trained; false if the run ends with it.
  private func finish(_ epoch: EpochReport) throws -> Bool {
    let goesOn = try handle(epoch)
    trainer.beginNextEpoch()
    return goesOn
  }

  /// Whether the run ends early because too many epochs have passed without a better score.
  func isPatienceOver(after epoch: Int) -> Bool {
    guard let patience = settings.earlyStopping, best.score != nil else { return false }
    return epoch - best.epoch >= patience
  }

  /// Whether the run pauses after this epoch. After the last one there is nothing to resume.
  func isPauseDue(after epoch: Int) -> Bool {
    pauseEpoch.map { epoch >= $0 } ?? false && trainer.step < trainer.totalSteps
  }

  /// The score of the validation images.
  func validationScore() throws -> EpochSummary.Score? {
    try data.validation.flatMap { try score($0, keeping: validationFeatures) }
  }

  /// Why the training ended.
  private var finalEnd: RunEnd {
    if let end { return end }
    return trainer.step < trainer.epochLengths.steps(inEpochs: settings.epochs) ? .maximumSteps : .epochs
  }

  /// Whether to evaluate the test set at the end: not if the run continues later, and not if its result is not recorded.
  private var isTested: Bool {
    StopSignal.request == nil && end != .pause && end != .signal && journal != nil
  }

  private func tellHowToResume() {
    guard let journal else { return }
    let advice: MessageText = "resume with: jacquard train \(.resume) \(ShellText.quoted(journal.folder.path))"
    console.say("jacquard: stopped after step \(trainer.step); \(console.wording.text(of: advice))\n")
  }

  private func describe(_ error: any Error) -> Failure {
    guard let journal else { return Failure(error) }
    let folder = journal.folder.path
    do throws(Failure) {
      try journal.folder.checkPlace()
    } catch {
      return error
    }
    if let error = error as? FileError, error.category != .badInput, Folder.kind(folder) == .nothing {
      return Failure(
        .cannotCreate, "\(folder): the run folder was removed, with everything saved; train again, and keep the folder."
      )
    }
    return Failure(error)
  }

  private func result(test: EpochSummary.Score?) -> TrainingResult {
    let progress = trainer.progress
    let trainingSeconds = totals.trainingSeconds + progress.seconds
    return TrainingResult(
      run: journal?.folder.path ?? "", model: network.model.name, parameters: network.parameterCount,
      epochs: progress.epochsBegun, steps: progress.step, seed: Int(settings.seed), threads: team.count,
      shards: settings.shards, seconds: secondsSoFar,
      imagesPerSecond: Double(totals.trainedImages + progress.images) / max(1e-9, trainingSeconds),
      training: lastEpoch?.training, validation: lastEpoch?.validation, test: test,
      weights: journal?.folder.lastWeights ?? "", weightsSHA256: weightsSHA256)
  }

  /// Seconds of all sessions.
  var secondsSoFar: Double { totals.seconds + SystemClock.seconds - start }
}

extension TrainingRun {
  /// TensorBoard's views of an epoch besides its numbers: its first inputs, and the distributions of its weights.
  func tensorBoardViews(epoch: Int) throws -> [TensorBoardEvent.Value] {
    let averaged = trainer.averagedNetwork()
    let weights = averaged.tensors.filter { $0.specification.role != nil }.compactMap { tensor in
      TensorBoardHistogram(averaged.exportTensor(tensor)).map {
        TensorBoardEvent.Value("weights/\(tensor.name)", .histogram($0))
      }
    }
    guard let sheet = InputSheet(data.training, epoch: epoch) else { return weights }
    let picture = TensorBoardEvent.Value(
      "inputs",
      .picture(
        width: sheet.bitmap.width, height: sheet.bitmap.height, channels: sheet.bitmap.channels,
        png: try sheet.bitmap.png()))
    return weights + [picture]
  }
}
