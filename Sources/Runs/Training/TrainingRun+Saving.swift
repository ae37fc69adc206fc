internal import Files
internal import Interchange
package import JacquardEngine
internal import Support

extension TrainingRun {
  /// Saves a snapshot, which must be of the trainer as it is now or at the beginning of the next epoch: first rows and events, then the state, which commits the save, then what follows from it: the kept state and
  /// the weights.
  package func save(_ snapshot: TrainerSnapshot) throws {
    let begin = SystemClock.seconds
    unsavedEpoch = nil
    try tensorBoard?.flush(synchronizing: true)
    savedStep = snapshot.progress.step
    guard let journal else { return }
    let sizes = try journal.durableSizes()
    let state = try state(snapshot, sizes: sizes)
    try write(state, to: journal.folder.state)
    stateByteCount = state.byteCount
    try keepState(snapshot, sizes: sizes, in: journal.folder)
    // After the state, because a signal may come while statistics are computed for averaged weights.
    let numbers = settings.average == nil ? snapshot.network : trainer.averagedNetwork().snapshot()
    let weights = try weights(numbers, epoch: snapshot.progress.epochsBegun, step: snapshot.progress.step)
    try write(weights, to: journal.folder.lastWeights)
    weightsByteCount = weights.byteCount
    weightsSHA256 = weights.sha256
    if hasUnwrittenBest { try writeBestWeights() }
    lastSaveTime = SystemClock.seconds
    saveSeconds = lastSaveTime - begin
  }

  /// Whether the end of an epoch is saved now: always, unless epochs are so short that saving would take more than a tenth of the time. A kill then loses
  /// the epochs since the last save: ten times the duration of a save, and at most half a minute.
  var isEpochSaveDue: Bool {
    if settings.saveEvery != nil || settings.keepStates != nil || trainer.step >= trainer.totalSteps { return true }
    if StopSignal.takeSaveRequest() { return true }
    return SystemClock.seconds - lastSaveTime >= min(10 * saveSeconds, 30)
  }

  /// The state of the run now, for continuing without a file.
  package func currentState() throws -> StateFile {
    let file = try state(trainer.snapshot(), sizes: RunJournal.Sizes(metrics: 0, events: 0))
    return try StateFile(file, path: "the state after step \(trainer.step)")
  }

  private func state(_ snapshot: TrainerSnapshot, sizes: RunJournal.Sizes) throws(ModelError) -> SafetensorsFile {
    var totals = totals
    totals.seconds = secondsSoFar
    let state = RunState(
      progress: snapshot.progress, epochStart: epochStart?.progress, best: best, lastEpoch: lastEpoch, totals: totals,
      sizes: sizes, settings: settings, data: data.files.map(\.sha256))
    return try StateFile.content(
      state, of: network, current: snapshot, best: bestNetwork, epochStart: epochStart)
  }

  /// Keeps the state of an epoch's end, if the settings ask for it. An existing one already has the same numbers.
  private func keepState(_ snapshot: TrainerSnapshot, sizes: RunJournal.Sizes, in folder: RunFolder) throws {
    let (epoch, position) = (snapshot.progress.epoch - 1, snapshot.progress.position)
    guard let interval = settings.keepStates, position == 0, epoch > 0, epoch.isMultiple(of: interval) else { return }
    let path = folder.keptState(after: epoch)
    guard Folder.kind(path) == .nothing else { return }
    var file = try state(snapshot, sizes: sizes)
    StateFile.addDigest(to: &file)
    try write(file, to: path)
  }

  /// Rejects a run whose files do not fit on the disk while the previous state still exists.
  ///
  /// - Throws: a `Failure` of the kind `inputOutput`.
  func checkRoom() throws {
    guard let journal else { return }
    // While a state is replaced, two exist. The first best weights make it larger, and its replacement too, and there is a separate
    // file of them.
    let awaitsBest = data.validation != nil && bestNetwork == nil
    let keptByteCount = statesToKeep * (stateByteCount + (awaitsBest ? weightsByteCount : 0))
    let needed = stateByteCount + (awaitsBest ? 3 * weightsByteCount : 0) + keptByteCount
    guard let free = Folder.freeByteCount(journal.folder.path + "/state"), free < needed else { return }
    throw Failure(
      .inputOutput,
      "\(journal.folder.path): a save needs \(NumberText.bytes(needed)) beside the previous one, but the disk has only "
        + "\(NumberText.bytes(free)) free; free some space, and continue with \(.resume).")
  }

  /// The number of states still to be kept.
  private var statesToKeep: Int {
    guard let interval = settings.keepStates else { return 0 }
    let epochs = trainer.epochLengths.epochs(inSteps: trainer.totalSteps)
    return max(0, epochs / interval - (trainer.progress.epoch - 1) / interval)
  }

  /// Writes the weights of the best epoch; if there is none yet, removes any from a time that was cut back.
  func writeBestWeights() throws {
    hasUnwrittenBest = false
    guard let journal else { return }
    guard let bestNetwork else {
      try journal.folder.checkPlace()
      Folder.removeFile(journal.folder.bestWeights)
      return
    }
    try write(try weights(bestNetwork, epoch: best.epoch, step: best.step), to: journal.folder.bestWeights)
  }

  /// Replaces a file of the run, unless another folder has replaced the run's.
  private func write(_ file: SafetensorsFile, to path: String) throws {
    try journal?.folder.checkPlace()
    try file.write(to: path)
  }

  private func weights(_ numbers: NetworkSnapshot, epoch: Int, step: Int) throws(ModelError) -> SafetensorsFile {
    try Checkpoint.file(of: network, numbers, provenance: provenance.json(epoch: epoch, step: step))
  }
}

extension TrainingProgress {
  /// The first step that a resumed session may report again: within an epoch this includes the last one done, because the dead session
  /// may have recorded the partial epoch there.
  var firstStepToTellAgain: Int { position > 0 ? step : step + 1 }

  /// The number of epochs begun.
  var epochsBegun: Int { position > 0 ? epoch : epoch - 1 }
}
