internal import CJacquard
internal import Glibc

/// Runs work whose recursion depth depends on a file or a text, on a stack that is deep enough.
///
/// Reading a model recurses as deep as its JSON, up to the reader's limit. A caller's thread may have little stack, and OpenBLAS takes
/// 60 KiB of every thread's stack for its thread-local memory. Computation needs little stack and always runs on the calling thread.
enum DeepStack {
  /// Much more than the deepest text needs.
  private static let size = 2 << 20

  /// Work, and its result.
  private final class Task {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Runs `body` on a separate thread, and waits for it.
  ///
  /// If the system refuses a thread, `body` runs on the caller's stack.
  static func run(_ body: () throws(Refusal) -> Void) throws(Refusal) {
    var outcome: Result<Void, Refusal>?
    let hasRun = withoutActuallyEscaping({ outcome = Result { () throws(Refusal) in try body() } }) { work in
      runElsewhere(Task(work))
    }
    guard hasRun, let outcome else { return try body() }
    try outcome.get()
  }

  /// Runs a task on a new thread and waits for its end; false if the system refuses the thread.
  private static func runElsewhere(_ task: Task) -> Bool {
    var attributes = pthread_attr_t()
    guard unsafe pthread_attr_init(&attributes) == 0 else { return false }
    defer { unsafe pthread_attr_destroy(&attributes) }
    guard unsafe pthread_attr_setstacksize(&attributes, size) == 0 else { return false }
    // Signals stay with the threads of the host.
    var (all, before) = (sigset_t(), sigset_t())
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    let pointer = unsafe Unmanaged.passRetained(task).toOpaque()
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, &attributes,
      { pointer in
        guard let pointer = unsafe pointer else { return nil }
        unsafe Unmanaged<Task>.fromOpaque(pointer).takeUnretainedValue().body()
        return nil
      }, pointer)
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    if status == 0 { pthread_join(thread, nil) }
    unsafe Unmanaged<Task>.fromOpaque(pointer).release()
    return status == 0
  }
}

/// Runs the body of a call whose recursion depends on a file or a text. If it fails, sets the thread's last error.
func reportingDeeply(_ body: () throws(Refusal) -> jacquard_status) -> jacquard_status {
  reporting { () throws(Refusal) in
    var status = JACQUARD_OK
    try DeepStack.run { () throws(Refusal) in status = try body() }
    return status
  }
}
