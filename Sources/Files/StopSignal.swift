internal import Glibc
internal import Synchronization

/// Notices the signals that a training run answers to.
///
/// SIGINT and SIGTERM ask it to stop: the first is only noted, the next one ends the process at once, as it would any other
/// program. SIGHUP and SIGUSR1 ask it to save and go on.
package enum StopSignal {
  // Static because a signal handler can reach nothing else.
  /// The number of the signal that asked to stop, or 0.
  private static let received = Atomic<Int32>(0)
  /// Whether somebody asked for a save that has not been answered.
  private static let wantsSave = Atomic<Bool>(false)

  /// Starts noticing the signals.
  package static func install() {
    // Touched before any handler can run: a handler must not be the one to initialize them.
    received.store(0, ordering: .relaxed)
    wantsSave.store(false, ordering: .relaxed)
    install(for: [SIGINT, SIGTERM]) { number in
      guard StopSignal.received.exchange(number, ordering: .relaxed) != 0 else { return }
      signal(number, SIG_DFL)
      raise(number)
    }
    install(for: [SIGHUP, SIGUSR1]) { _ in StopSignal.wantsSave.store(true, ordering: .relaxed) }
  }

  private static func install(for numbers: [Int32], _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    // Whoever started this process may have left the signals blocked.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in numbers {
      unsafe sigaction(number, &action, nil)
      unsafe sigaddset(&signals, number)
    }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// What has asked the process to stop; nil while nothing has.
  package static var request: StopRequest? {
    switch received.load(ordering: .relaxed) {
    case 0: nil
    case SIGTERM: .termination
    default: .interruption
    }
  }

  /// Whether a save has been asked for and not been answered by `takeSaveRequest`.
  package static var isSaveRequested: Bool { wantsSave.load(ordering: .relaxed) }

  /// Answers a request for a save; true if there was one.
  package static func takeSaveRequest() -> Bool { wantsSave.exchange(false, ordering: .relaxed) }
}

/// Why a process is to stop; thrown where work ends early because of it.
package enum StopRequest: Error, Equatable, Sendable {
  /// SIGINT.
  case interruption
  /// SIGTERM.
  case termination
}
