internal import Glibc

/// A thread of the operating system. Creating it can fail: limits on a user's or control group's processes count
/// threads too.
package struct SystemThread: Sendable {
  /// The system refused to create a thread.
  package struct Refused: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system's error number.
    package let code: Int32

    /// The system's message.
    package var description: String { unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)" }
  }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let thread: pthread_t

  /// Runs `body` on a new thread.
  package init(_ body: @escaping @Sendable () -> Void) throws(Refused) {
    let context = unsafe Unmanaged.passRetained(Body(body)).toOpaque()
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { context in
        if let context = unsafe context { unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, context)
    guard code == 0 else {
      unsafe Unmanaged<Body>.fromOpaque(context).release()
      throw Refused(code: code)
    }
    self.thread = thread
  }

  /// Waits until the thread has ended. Call it once, from another thread.
  package func join() { pthread_join(thread, nil) }

  /// Detaches the thread; use it instead of `join`.
  package func detach() { pthread_detach(thread) }
}
