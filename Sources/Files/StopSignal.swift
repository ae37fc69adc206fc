internal import Glibc
internal import Synchronization

/// Notices the signals that a training run handles.
///
/// SIGINT and SIGTERM ask the run to stop: the first is only recorded, the next one ends the process at once, as in any other program. SIGHUP and
/// SIGUSR1 ask it to save and continue.
package enum StopSignal {
  // Static, because a signal handler cannot reach anything else.
  /// The number of the signal that asked to stop, or 0.
  private static let received = Atomic<Int32>(0)
  /// Whether a save has been requested and not yet answered.
  private static let wantsSave = Atomic<Bool>(false)

  /// Starts handling the signals.
  package static func install() {
    // Accessed before any handler can run: a handler must not be the one to initialize them.
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
    // The parent process may have left the signals blocked.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in numbers {
      unsafe sigaction(number, &action, nil)
      unsafe sigaddset(&signals, number)
    }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The reason for stopping; nil if no signal has asked for it.
  package static var request: StopRequest? {
    switch received.load(ordering: .relaxed) {
    case 0: nil
    case SIGTERM: .termination
    default: .interruption
    }
  }

  /// Whether a save has been requested and not yet answered by `takeSaveRequest`.
  package static var isSaveRequested: Bool { wantsSave.load(ordering: .relaxed) }

  /// Answers a save request; returns true if there was one.
  package static func takeSaveRequest() -> Bool { wantsSave.exchange(false, ordering: .relaxed) }
}

/// The signal that stops a process; thrown when work ends early because of it.
package enum StopRequest: Error, Equatable, Sendable {
  /// SIGINT.
  case interruption
  /// SIGTERM.
  case termination
}
