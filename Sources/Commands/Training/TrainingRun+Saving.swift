internal import Interchange
internal import Files
internal import Support
internal import Jacquard

extension TrainingRun {
  /// Saves a moment: rows and events first, then the state, which commits it, then the weights.
  func save(_ snapshot: TrainerSnapshot) throws {
    try tensorBoard?.flush(synchronizing: true)
    var totals = totals
    totals.seconds = secondsSoFar
    let state = RunState(
      progress: snapshot.progress, epochStart: epochStart?.progress, best: best, lastEpoch: lastEpoch, totals: totals,
      sizes: try journal.durableSizes(), settings: settings, data: data.files.map(\.sha256))
    let bytes = try StateFile.bytes(
      state, of: network, momentCount: trainer.momentCount, current: snapshot, best: bestNetwork,
      epochStart: epochStart)
    try write(bytes, to: journal.folder.state)
    stateByteCount = bytes.count
    savedStep = snapshot.progress.step
    let weights = try weights(snapshot.network, epoch: snapshot.progress.epochsBegun, step: snapshot.progress.step)
    try write(weights, to: journal.folder.lastWeights)
    weightsByteCount = weights.count
    weightsSHA256 = SHA256.hexadecimal(of: weights)
    lastSaveTime = SystemClock.seconds
  }

  /// Refuses to begin where there is no room for what the run will write, while the state before it is still there.
  ///
  /// - Throws: a `CommandFailure` with exit code 74.
  func checkRoom() throws {
    // While a state is replaced there are two of it. With the first best weights it grows by them, and so will the one that replaces it;
    // and there is a file of them besides.
    let awaitsBest = data.validation != nil && bestNetwork == nil
    let needed = stateByteCount + (awaitsBest ? 3 * weightsByteCount : 0)
    guard let free = Folder.freeByteCount(journal.folder.path + "/state"), free < needed else { return }
    throw CommandFailure(
      .inputOutput,
      "\(journal.folder.path): a save takes \(NumberText.bytes(needed)) beside the one before it, but the disk has room for "
        + "\(NumberText.bytes(free)); free some space on the disk, and go on with --resume.")
  }

  /// Writes the weights of the best epoch; where there is none yet, none may be left of a time that was cut back.
  func writeBestWeights() throws {
    guard let bestNetwork else {
      try journal.folder.checkPlace()
      Folder.removeFile(journal.folder.bestWeights)
      return
    }
    try write(try weights(bestNetwork, epoch: best.epoch, step: best.step), to: journal.folder.bestWeights)
  }

  /// Replaces a file of the run, unless the run folder is another one by now.
  private func write(_ bytes: [UInt8], to path: String) throws {
    try journal.folder.checkPlace()
    try AtomicFile.write(bytes, to: path)
  }

  private func weights(_ numbers: NetworkSnapshot, epoch: Int, step: Int) throws(ModelError) -> [UInt8] {
    try Checkpoint.file(of: network, numbers, provenance: provenance.json(epoch: epoch, step: step)).serialized()
  }
}

extension TrainingProgress {
  /// The first step that a session which goes on from here may tell anew: within an epoch the last one that is done, too, at which
  /// the dead session may have written down the part of the epoch that there was.
  var firstStepToTellAgain: Int { position > 0 ? step : step + 1 }

  /// The epochs that have been begun.
  var epochsBegun: Int { position > 0 ? epoch : epoch - 1 }
}
