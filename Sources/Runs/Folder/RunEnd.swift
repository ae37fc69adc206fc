/// What ended a run, or one of its sessions.
package enum RunEnd: String, Sendable {
  /// All epochs are done.
  case epochs
  /// The steps of `max_steps` are done.
  case maximumSteps = "max_steps"
  /// The time of `max_time` is over; the run can continue.
  case maximumTime = "max_time"
  /// The epochs of `--pause-after` are done; the run can continue.
  case pause = "pause_after"
  /// The validation score has not improved for as long as `early_stopping` allows.
  case earlyStopping = "early_stopping"
  /// SIGINT or SIGTERM; the run can continue.
  case signal

  /// Whether there is nothing left to do.
  var isFinal: Bool {
    switch self {
    case .epochs, .maximumSteps, .earlyStopping: true
    case .maximumTime, .pause, .signal: false
    }
  }
}
