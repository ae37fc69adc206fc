package import Datasets
internal import Files
package import JacquardEngine
internal import Support
internal import Terminal

extension TrainingRun {
  /// After a step: shows progress, and saves if it is time or the run ends.
  package func handle(_ step: StepReport) throws {
    speed.add(images: step.images)
    let now = SystemClock.seconds
    let accuracy = Double(step.correct) / Double(max(1, step.images))
    try tensorBoard?.append(
      step: step.step, loss: step.loss, accuracy: accuracy, learningRate: step.learningRate)
    display.show(
      progress(after: step, now: now), loss: step.loss, accuracy: accuracy)
    end = outerEnd ?? replayEnd
    // What comes after the step that ends a run within an epoch is only for display: resuming starts here.
    let isLast = trainer.step == trainer.totalSteps && trainer.progress.position < data.training.count
    if end != nil || isLast || isSaveDue(after: step, now: now) { try save(trainer.snapshot()) }
  }

  /// Why the run ends here, wherever it is: a signal or a time limit; nil while it continues.
  var outerEnd: RunEnd? {
    if StopSignal.request != nil { return .signal }
    guard replay == nil, let limit = settings.maximumSeconds, SystemClock.seconds - start >= limit else { return nil }
    return .maximumTime
  }

  /// Whether a repeated run ends here, within an epoch; nil while it continues, even if only to the epoch's end.
  private var replayEnd: RunEnd? {
    guard let replay, trainer.progress.position < data.training.count,
      replay.isOver(step: trainer.step, rollbacks: totals.rollbacks)
    else { return nil }
    return replay.end
  }

  private func isSaveDue(after step: StepReport, now: Double) -> Bool {
    if journal == nil { return false }
    if StopSignal.takeSaveRequest() { return true }
    switch settings.saveEvery {
    case .steps(let interval): return step.step.isMultiple(of: interval)
    case .seconds(let seconds): return now - lastSaveTime >= seconds
    case nil: return false
    }
  }

  /// After an epoch, or the part before the run's end: evaluates, writes the row, and saves; false if the run ends with it.
  package func handle(_ report: EpochReport) throws -> Bool {
    speed.pause(now: SystemClock.seconds)
    // The last step may have been skipped, which saves nothing.
    if !report.isComplete, end == nil, savedStep != trainer.step { try save(trainer.snapshot()) }
    guard report.images > 0 else { return try handleEmptyEpoch(report) }
    let validation = end == .signal ? nil : try validationScore()
    let summary = summary(of: report, validation: validation)
    if end == .signal || (data.validation != nil && validation == nil) {
      // The epoch stays open: resuming evaluates it and writes its row.
      if end == nil { try save(trainer.snapshot()) }
      end = outerEnd ?? end
      lastEpoch = summary
      display.showLine(summary.line(columns:))
      return false
    }
    lastEpoch = summary
    // While weights are still pruned, later networks are not comparable with earlier ones: the last counts.
    if let pruningEnd = trainer.pruningEnd, best.step < pruningEnd { best = BestEpoch() }
    let isBest = validation.map { best.improves(with: $0, epoch: report.number, step: report.step) } ?? false
    if isBest { bestNetwork = trainer.averagedNetwork().snapshot() }
    try journal?.append(summary, isBest: isBest)
    if tensorBoard != nil { try tensorBoard?.append(summary, and: try tensorBoardViews(epoch: report.number)) }
    if isBest { hasUnwrittenBest = true }
    if report.isComplete {
      try close(report)
    } else if isBest {
      try writeBestWeights()
    }
    display.showLine(summary.line(columns:))
    replay?.report(summary)
    epochStartTime = SystemClock.seconds
    speed.resume(now: epochStartTime)
    if report.isComplete, end == nil {
      if StopSignal.request != nil {
        end = .signal
      } else if isPatienceOver(after: report.number) {
        end = .earlyStopping
      } else if isPauseDue(after: report.number) {
        end = .pause
      } else if let replay, trainer.step >= replay.lastStep {
        end = replay.end
      }
    }
    if end != nil, let unsavedEpoch { try save(unsavedEpoch) }
    return end == nil
  }

  /// Makes the end of the epoch the point to resume from, if it is time to save.
  private func close(_ report: EpochReport) throws {
    totals.trainingSeconds += report.seconds
    totals.trainedImages += report.images
    var snapshot = trainer.snapshot()
    snapshot.progress = snapshot.progress.afterEpoch
    if settings.faultPolicy == .rollback { epochStart = snapshot }
    if isEpochSaveDue { try save(snapshot) } else { unsavedEpoch = snapshot }
  }

  /// After an epoch in which every step was skipped.
  private func handleEmptyEpoch(_ report: EpochReport) throws -> Bool {
    guard report.isComplete else { return false }
    throw Failure(
      .badData,
      "epoch \(report.number): every step was skipped, because its loss or gradient was not finite; "
        + "try a lower \(.lr) or \(.clipNorm), or check the data and the initial weights.")
  }

  private func summary(of report: EpochReport, validation: EpochSummary.Score?) -> EpochSummary {
    EpochSummary(
      epoch: report.number, epochCount: settings.epochs, steps: report.step, learningRate: report.learningRate,
      training: .init(loss: report.loss, accuracy: report.accuracy), validation: validation,
      imagesPerSecond: Double(report.images) / max(1e-9, report.seconds),
      seconds: SystemClock.seconds - epochStartTime,
      share: report.isComplete ? 1 : Double(report.images) / Double(max(1, data.training.count)))
  }

  private func progress(after step: StepReport, now: Double) -> StepProgress {
    let progress = trainer.progress
    let images = Double(max(1, progress.images))
    return StepProgress(
      epoch: step.epoch, epochCount: settings.epochs,
      step: (progress.position + settings.batchSize - 1) / settings.batchSize, stepCount: trainer.stepsOfEpoch,
      loss: progress.loss / images, accuracy: Double(progress.correct) / images,
      imagesPerSecond: speed.imagesPerSecond(now: now), secondsLeft: speed.secondsLeft(step: step.step, now: now))
  }

  /// Loss and accuracy of the network now, with averaged weights if the settings ask for them; nil if a signal (or, in training, the time limit) interrupted the evaluation.
  package func score(_ samples: SampleSource, keeping features: KeptFeatures? = nil) throws -> EpochSummary.Score? {
    // The test score of a run out of time is its result; the score of an epoch can wait until the run is resumed.
    var isToLeave: Bool { isTrained || end == .maximumTime ? StopSignal.request != nil : outerEnd != nil }
    var mayPause = true
    while true {
      let pauses = mayPause
      let predictions = trainer.logits(of: samples, keeping: features) {
        isToLeave || (pauses && StopSignal.isSaveRequested)
      }
      if let predictions {
        let report = ClassificationReport(predictions, classNames: network.model.classNames)
        return EpochSummary.Score(loss: report.loss, accuracy: report.accuracy)
      }
      if isToLeave { return nil }
      // A request to save. Honored once per evaluation: repeated requests must not delay it forever.
      mayPause = false
      if StopSignal.takeSaveRequest(), !isTrained { try save(trainer.snapshot()) }
    }
  }
}
