internal import Files
package import Runs
internal import Support

/// How a run of a sweep stands, from its folder.
package struct SweepRunState {
  /// What can be done about a run.
  package enum Status: String {
    /// It has not begun.
    case waiting
    /// It has begun and can go on.
    case partial
    /// Nothing is left to do.
    case finished
    /// It ended with an error.
    case failed
  }

  /// What can be done about it.
  package let status: Status
  /// Whether its last session ended by itself, with everything saved.
  private let isAtRest: Bool
  /// The scores after each of the epochs that its state has behind it.
  package let scores: [(epoch: Int, score: EpochSummary.Score)]
  /// The SHA-256 of its weights, where it has ended.
  package let weightsSHA256: String?
  /// What went wrong, where something did.
  package let failure: String?

  /// Looks at a run folder.
  package init(_ path: String) {
    let folder = RunFolder(existing: path)
    guard Folder.kind(folder.configuration) == .file else {
      (status, isAtRest, scores, weightsSHA256, failure) = (.waiting, false, [], nil, nil)
      return
    }
    let record = try? ConfigurationFile.content(of: folder.record)
    let history = try? RunHistory(path)
    // A process may have died between a row and the save behind it: the row is written again.
    let saved = Self.savedRows(of: folder)
    scores = (history?.epochs ?? []).prefix(saved).compactMap { epoch in
      epoch.validation.map { (epoch: epoch.number, score: $0) }
    }
    failure = record?["failure"]?.string
    weightsSHA256 = record?["result"]?["weights_sha256"]?.string
    let recorded = record?["status"]?.string.flatMap(RunStatus.init)
    isAtRest = recorded == .stopped || recorded == .finished
    switch recorded {
    case .finished: status = .finished
    // The settings themselves ask for an end by the clock.
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

  /// The epochs that are done.
  package var epochs: Int { scores.last?.epoch ?? 0 }

  /// Whether the run is as far as a rung, or will not get any further.
  func hasReached(_ rung: Int?) -> Bool {
    if status == .finished { return true }
    guard let rung, status != .waiting else { return false }
    // At the rung itself the last session must have come to its end: after the state the weights are still to be written.
    return epochs > rung || epochs == rung && isAtRest
  }

  /// Whether the run is as far as a rung, or will not get there.
  func isPast(_ rung: Int) -> Bool { status == .failed || hasReached(rung) }

  /// The score after so many epochs, or after the last one of a run that has fewer; nil for none.
  package func score(after epochs: Int?) -> EpochSummary.Score? {
    scores.last { $0.epoch <= epochs ?? .max }?.score
  }
}
