internal import JacquardEngine
internal import Synchronization

/// Predictors of one network, each with the memory of its last call: as many as there were calls at the same time.
///
/// Each has a team of threads, so the teams that wait for another call are limited: those that were used last stay.
final class PredictorPool: Sendable {
  /// A predictor that nobody uses. It belongs to the pool alone, and then to who takes it.
  private struct Idle: @unchecked Sendable {
    let threads: Int
    let predictor: Predictor
  }

  /// The most threads of predictors that nobody uses, as many as one call may ask for.
  private static let largestThreadCount = WorkerTeam.largestCount

  private let network: Network
  private let idle = Mutex<[Idle]>([])

  init(_ network: Network) { self.network = network }

  /// Runs `body` with a predictor of so many threads that nobody else uses meanwhile.
  ///
  /// - Parameter orFewer: Whether fewer threads will do where the system refuses some.
  func withPredictor<Result>(
    threads: Int, orFewer: Bool, _ body: (Predictor) -> Result
  ) throws(Refusal) -> Result {
    let found = idle.withLock { idle -> Idle? in
      guard let place = idle.lastIndex(where: { $0.threads == threads }) else { return nil }
      return idle.remove(at: place)
    }
    let mine: Idle
    if let found {
      mine = found
    } else {
      let team = try ThreadCount.team(threads, orFewer: orFewer)
      mine = Idle(threads: team.count, predictor: Predictor(network, team: team))
    }
    defer {
      // Returned, so that threads end after the lock is free again.
      _ = idle.withLock { idle -> [Idle] in
        idle.append(mine)
        var (threads, surplus) = (idle.reduce(0) { $0 + $1.threads }, 0)
        while threads > Self.largestThreadCount {
          threads -= idle[surplus].threads
          surplus += 1
        }
        let ended = Array(idle[..<surplus])
        idle.removeFirst(surplus)
        return ended
      }
    }
    return body(mine.predictor)
  }
}
