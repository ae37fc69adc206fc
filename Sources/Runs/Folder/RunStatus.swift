/// The status of a run.
package enum RunStatus: String, Sendable {
  /// In progress, or interrupted when its process died.
  case running
  /// Done with everything requested.
  case finished
  /// Stopped by a signal or a time limit, after a complete step; can be resumed.
  case stopped
  /// Ended by an error.
  case failed

  /// The event that leads to this status.
  package var event: String {
    switch self {
    case .running: "start"
    case .finished: "finish"
    case .stopped: "stop"
    case .failed: "fail"
    }
  }
}
