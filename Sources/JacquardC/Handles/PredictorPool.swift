internal import JacquardEngine
internal import Synchronization

/// Predictors of one network, each with the memory of its last call; one for each simultaneous call.
///
/// Each has a team of threads, so the number of idle teams is limited; the most recently used ones are kept.
final class PredictorPool: Sendable {
  /// An idle predictor. The pool owns it until a call takes it.
  private struct Idle: @unchecked Sendable {
    let threads: Int
    let predictor: Predictor
  }

  /// The most threads of idle predictors; as many as one call may request.
  private static let largestThreadCount = WorkerTeam.largestCount

  private let network: Network
  private let idle = Mutex<[Idle]>([])

  init(_ network: Network) { self.network = network }

  /// Runs `body` with exclusive use of a predictor with a number of threads.
  ///
  /// - Parameter orFewer: Whether to accept fewer threads if the system refuses some.
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
      // Returned, so that their threads end after the lock is released.
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
