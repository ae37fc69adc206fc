internal import Glibc
internal import Synchronization

/// Notices SIGINT and SIGTERM, so that a training run can finish its step and write its weights.
///
/// The first signal is only noted; the next one ends the process at once, as it would any other program.
enum StopSignal {
  /// The number of the signal that arrived, or 0. Static because a signal handler can reach nothing else.
  private static let received = Atomic<Int32>(0)

  /// Starts noticing both signals. The system's own handling returns after the first one.
  static func install() {
    // Touched before any handler can run: a handler must not be the one to initialize it.
    received.store(0, ordering: .relaxed)
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { number in
      StopSignal.received.store(number, ordering: .relaxed)
    }
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
    // Whoever started this process may have left the signals blocked.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      unsafe sigaction(number, &action, nil)
      unsafe sigaddset(&signals, number)
    }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// How the process should exit if it has been asked to stop; nil while it has not.
  static var status: ExitStatus? {
    switch received.load(ordering: .relaxed) {
    case 0: nil
    case SIGTERM: .terminated
    default: .interrupted
    }
  }
}
