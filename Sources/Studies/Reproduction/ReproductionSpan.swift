internal import Files
internal import JacquardEngine
internal import Runs
internal import Support

/// The epochs of a run to repeat, their starting point, and the recorded outcome.
struct ReproductionSpan {
  /// The recorded outcome to compare with.
  enum Evidence {
    /// The final weights of the run.
    case weights(RecordedWeights)
    /// The SHA-256 of a missing weights file.
    case hash(String)
    /// A state that the run kept.
    case state(StateFile)
    /// The rows of the epochs: six decimals of loss and accuracy.
    case rows(RecordedRows)
  }

  /// The starting point; nil for the first step of the run.
  let start: StateFile?
  /// The first and the last epoch.
  let epochs: ClosedRange<Int>
  /// Whether it ends where the run ended.
  let isWhole: Bool
  /// The recorded outcome to compare with.
  let evidence: Evidence

  /// Finds the files that a range of epochs needs in the run's folder.
  ///
  /// - Parameters:
  ///   - range: The epochs; nil for all, or for those after the state.
  ///   - state: A state file to start from; nil for the run's own.
  /// - Throws: a `Failure`: `usage` for epochs that the run does not have, `badData` for a state of another run, `noInput` if
  ///   a state or rows are missing.
  init(_ run: RecordedRun, range: ClosedRange<Int>?, state: String?) throws(Failure) {
    if let range, range.upperBound > run.lastEpoch {
      let count = "\(run.lastEpoch) epoch\(run.lastEpoch == 1 ? "" : "s")"
      throw Failure(
        .usage, "\(.epochs) \(EpochRange.text(range)): the run \(run.folder.path) has \(count); ask for some of them.")
    }
    if let state {
      start = try Self.state(state, of: run, range: range)
    } else if let range, range.lowerBound > 1 {
      start = try Self.keptState(of: run, range: range)
    } else {
      start = nil
    }
    let first = start?.state.progress.epoch ?? 1
    let last = range?.upperBound ?? max(run.lastEpoch, first)
    epochs = first...max(first, last)
    isWhole = last >= run.lastEpoch
    evidence = try Self.evidence(run, epochs: epochs, isWhole: isWhole)
  }

  private static func evidence(
    _ run: RecordedRun, epochs: ClosedRange<Int>, isWhole: Bool
  ) throws(Failure) -> Evidence {
    if isWhole {
      if let weights = run.weights { return .weights(weights) }
      // Without weights there is a hash: a run with neither cannot be repeated.
      return .hash(run.weightsSHA256 ?? "")
    }
    let kept = run.folder.keptState(after: epochs.upperBound)
    if Folder.kind(kept) == .file {
      let state = try StateFile(path: kept)
      try check(state, of: run)
      return .state(state)
    }
    if let rows = run.rows, epochs.allSatisfy({ rows[$0] != nil }) { return .rows(rows) }
    throw Failure(
      .noInput,
      "\(run.folder.path): the result of epoch \(epochs.upperBound) is not recorded: neither its state nor the rows of the "
        + "epochs in \(run.folder.metrics) exist; ask for the epochs up to \(run.lastEpoch).")
  }

  private static func keptState(of run: RecordedRun, range: ClosedRange<Int>) throws(Failure) -> StateFile {
    let epoch = range.lowerBound - 1
    let path = run.folder.keptState(after: epoch)
    guard Folder.kind(path) == .file else {
      let kept = run.folder.keptEpochs.filter { $0 < range.upperBound }
      let nearest = EpochRange.text((kept.last { $0 < epoch }.map { $0 + 1 } ?? 1)...range.upperBound)
      let list = kept.isEmpty ? "no state" : "only \(Self.list(kept))"
      throw Failure(
        .noInput,
        "\(run.folder.path): training cannot begin with epoch \(range.lowerBound), because the state after epoch \(epoch) is "
          + "missing; the run kept \(list) (train \(.keepStates)); ask for \(.epochs) \(nearest), or name the state with \(.fromState)."
      )
    }
    let state = try StateFile(path: path)
    try check(state, of: run)
    try checkEpoch(state, epoch: epoch)
    try checkStep(state, of: run)
    return state
  }

  private static func list(_ epochs: [Int]) -> String {
    let shown = epochs.suffix(8).map(String.init).joined(separator: ", ")
    return "the state\(epochs.count == 1 ? "" : "s") after epoch\(epochs.count == 1 ? "" : "s") "
      + (epochs.count > 8 ? "…, " : "") + shown
  }

  private static func state(
    _ path: String, of run: RecordedRun, range: ClosedRange<Int>?
  ) throws(Failure) -> StateFile {
    guard Folder.kind(path) == .file else {
      throw Failure(
        .noInput, "\(.fromState) \(path): there is no such file; name a state, such as RUN/state/epoch-6.safetensors.")
    }
    let state = try StateFile(path: path)
    try check(state, of: run)
    if let range { try checkEpoch(state, epoch: range.lowerBound - 1) }
    try checkStep(state, of: run)
    return state
  }

  private static func checkStep(_ file: StateFile, of run: RecordedRun) throws(Failure) {
    let step = file.state.progress.step
    if step < run.lastStep { return }
    throw Failure(
      .usage,
      "\(file.path): this is the state after step \(step), but \(run.folder.path) ended with step \(run.lastStep); "
        + "name an earlier state with \(.fromState).")
  }

  private static func checkEpoch(_ file: StateFile, epoch: Int) throws(Failure) {
    let progress = file.state.progress
    if progress.position == 0, progress.epoch == epoch + 1 { return }
    throw Failure(
      .badData,
      "\(file.path): expected the state after epoch \(epoch), found the state after step \(progress.step), in epoch "
        + "\(progress.epoch); name another state, or other \(.epochs).")
  }

  /// Rejects the state of another run.
  private static func check(_ file: StateFile, of run: RecordedRun) throws(Failure) {
    var difference: String?
    // A resumed run may have become longer since, and may have changed its policy.
    var settings = file.state.settings
    settings.epochs = run.settings.epochs
    settings.maxSteps = run.settings.maxSteps
    settings.faultPolicy = run.settings.faultPolicy
    if let (key, value, other) = settings.firstDifference(from: run.settings) {
      difference = "\"\(key)\" is \(value.text), but \(other.text) in the run"
    } else if file.state.data != run.past.data.map(\.sha256) {
      difference = "its data has a different SHA-256"
    } else if let model = run.weights?.model, let place = JSONDifference.first(between: model, and: file.model) {
      difference = "its model differs: \(place)"
    }
    guard let difference else { return }
    throw Failure(
      .badData,
      "\(file.path): the state does not belong to the run \(run.folder.path): \(difference); name a state of the run.")
  }
}
