/// How a run stands.
package enum RunStatus: String, Sendable {
  /// It is under way, or was when its process died.
  case running
  /// It did all that it was asked to.
  case finished
  /// It was stopped by a signal or by the clock, after a whole step, and can be resumed.
  case stopped
  /// It met an error.
  case failed

  /// The event that brings a run into this status.
  package var event: String {
    switch self {
    case .running: "start"
    case .finished: "finish"
    case .stopped: "stop"
    case .failed: "fail"
    }
  }
}
