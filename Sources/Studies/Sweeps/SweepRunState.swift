internal import Files
package import Runs
package import Support

/// The state of a run of a sweep, from its folder.
package struct SweepRunState {
  /// What remains to be done for a run.
  package enum Status: String {
    /// It has not started.
    case waiting
    /// It has started and can continue.
    case partial
    /// Nothing is left to do.
    case finished
    /// It ended with an error.
    case failed
  }

  /// What remains to be done.
  package let status: Status
  /// Whether its last session ended normally, with everything saved.
  private let isAtRest: Bool
  /// The scores after each epoch in its saved state.
  package let scores: [(epoch: Int, score: EpochSummary.Score)]
  /// The score of the test images at its end; nil before that, and without test images.
  package let test: EpochSummary.Score?
  /// Seconds of all its sessions, if it has ended.
  package let seconds: Double?
  /// The SHA-256 of its weights, if it has ended.
  package let weightsSHA256: String?
  /// The error message, if any.
  package let failure: String?

  /// Reads a run folder.
  package init(_ path: String) {
    let folder = RunFolder(existing: path)
    guard Folder.kind(folder.configuration) == .file else {
      (status, isAtRest, scores, test, seconds, weightsSHA256, failure) = (.waiting, false, [], nil, nil, nil, nil)
      return
    }
    let record = try? ConfigurationFile.content(of: folder.record)
    let history = try? RunHistory(path)
    // A process may have died between a row and the following save; the row will be written again.
    let saved = Self.savedRows(of: folder)
    scores = (history?.epochs ?? []).prefix(saved).compactMap { epoch in
      epoch.validation.map { (epoch: epoch.number, score: $0) }
    }
    failure = record?["failure"]?.string
    test = (record?["result"]?["test"]).flatMap(EpochSummary.Score.init)
    seconds = record?["result"]?["seconds"]?.number
    weightsSHA256 = record?["result"]?["weights_sha256"]?.string
    let recorded = record?["status"]?.string.flatMap(RunStatus.init)
    isAtRest = recorded == .stopped || recorded == .finished
    switch recorded {
    case .finished: status = .finished
    // The settings themselves limit the time.
    case .stopped where record?["ended_by"]?.string == RunEnd.maximumTime.rawValue: status = .finished
    case .failed: status = .failed
    default: status = .partial
    }
  }

  /// The rows of `metrics.csv` that belong to the state.
  private static func savedRows(of folder: RunFolder) -> Int {
    guard let state = StateFile.state(ofFileAt: folder.state),
      let bytes = try? FileReader.bytes(ofFileAt: folder.metrics, maximumByteCount: 1 << 26)
    else { return 0 }
    return max(0, bytes.prefix(state.sizes.metrics).count { $0 == UInt8(ascii: "\n") } - 1)
  }

  /// Why the run failed, as this process knows or as its record says; nil if it did not fail.
  package func failure(_ known: Failure?) -> Failure? {
    known ?? (status == .failed ? Failure(.someItemsFailed, text: failure ?? "") : nil)
  }

  /// The failure of a study in which some runs failed; nil if none did.
  ///
  /// - Parameter failed: The runs that failed, by their names.
  package static func failure(of failed: [(name: String, failure: Failure)], among count: Int) -> Failure? {
    guard let first = failed.first else { return nil }
    return Failure(
      .someItemsFailed,
      "\(failed.count) of \(count) runs failed, the first is \(first.name): \(first.failure.message)")
  }

  /// The number of finished epochs.
  package var epochs: Int { scores.last?.epoch ?? 0 }

  /// Whether the run has reached a rung, or will not get any further.
  func hasReached(_ rung: Int?) -> Bool {
    if status == .finished { return true }
    guard let rung, status != .waiting else { return false }
    // At the rung itself the last session must have ended: the weights are written after the state.
    return epochs > rung || epochs == rung && isAtRest
  }

  /// Whether the run has reached a rung, or never will.
  func isPast(_ rung: Int) -> Bool { status == .failed || hasReached(rung) }

  /// The score after this many epochs, or after the last one if the run has fewer; nil if there is none.
  package func score(after epochs: Int?) -> EpochSummary.Score? {
    scores.last { $0.epoch <= epochs ?? .max }?.score
  }
}
