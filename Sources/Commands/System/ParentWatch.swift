internal import Dispatch
internal import Files
internal import Glibc
internal import Support
internal import Synchronization

/// A child process's view of its parent, which holds the other end of the child's standard input.
enum ParentWatch {
  /// Received requests, one line each.
  final class Requests: Sendable {
    private let lines = Mutex<[String]>([])
    private let arrivals = DispatchSemaphore(value: 0)

    fileprivate func add(_ line: String) {
      lines.withLock { $0.append(line) }
      arrivals.signal()
    }

    /// Waits for the next request.
    func next() -> String {
      arrivals.wait()
      return lines.withLock { $0.removeFirst() }
    }
  }

  /// Reads requests while earlier ones are processed. When the parent is gone, the process ends at once.
  ///
  /// - Throws: a `Failure` with exit code 74 if the system refuses the reading thread.
  static func requests() throws(Failure) -> Requests {
    let requests = Requests()
    try watch {
      requests.add($0)
    } atEnd: {
      _exit(0)
    }
    return requests
  }

  /// Makes the process stop itself (SIGTERM) when the parent is gone.
  static func stopAtEnd() throws(Failure) {
    try watch { _ in
    } atEnd: {
      _ = kill(getpid(), SIGTERM)
    }
  }

  private static func watch(
    line: @escaping @Sendable (String) -> Void, atEnd end: @escaping @Sendable () -> Void
  ) throws(Failure) {
    do throws(SystemThread.Refused) {
      // Reading blocks, so it needs a separate thread.
      try SystemThread {
        var reader = PipeReader(descriptor: 0)
        while !reader.isAtEnd {
          reader.read()
          while let text = reader.takeLine() { line(text) }
        }
        end()
      }.detach()
    } catch {
      throw Failure(
        .inputOutput,
        "the system refused to start a thread (\(error)); raise the limit on processes (ulimit -u) or on memory (ulimit -v)."
      )
    }
  }
}
