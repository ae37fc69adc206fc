internal import Jacquard
internal import Synchronization

/// Predictors of one network, each with the memory of its last call: as many as there were calls at the same time.
final class PredictorPool: Sendable {
  /// A predictor that nobody uses. It belongs to the pool alone, and then to who takes it.
  private struct Idle: @unchecked Sendable {
    let threads: Int
    let predictor: Predictor
  }

  private let network: Network
  private let idle = Mutex<[Idle]>([])

  init(_ network: Network) { self.network = network }

  /// Runs `body` with a predictor of so many threads that nobody else uses meanwhile.
  func withPredictor<Result>(threads: Int, _ body: (Predictor) -> Result) -> Result {
    let found = idle.withLock { idle -> Idle? in
      guard let place = idle.lastIndex(where: { $0.threads == threads }) else { return nil }
      return idle.remove(at: place)
    }
    let mine = found ?? Idle(threads: threads, predictor: Predictor(network, team: WorkerTeam(threads: threads)))
    defer { idle.withLock { $0.append(mine) } }
    return body(mine.predictor)
  }
}
