internal import Dispatch
internal import Files
internal import Support
internal import Synchronization
internal import Terminal

/// One JSON line per request, and per event of the server, on standard error or in a file.
///
/// A thread writes what has gathered: neither a slow disk nor an unread terminal holds up requests. If more gathers than memory is meant
/// for, lines are dropped, and a line says how many.
final class AccessLog: Sendable {
  private struct State {
    var text: [UInt8] = []
    var dropped = 0
    var isStopped = false
    var mustReopen = false
  }

  private static let limit = 1 << 22

  private let state = Mutex(State())
  private let arrivals = DispatchSemaphore(value: 0)
  private let thread = Mutex<SystemThread?>(nil)
  private let path: String?

  /// Starts the log.
  ///
  /// - Parameter path: The file; nil for standard error.
  /// - Throws: a `Failure` if the file cannot be written, or the system refuses a thread.
  init(path: String?) throws(Failure) {
    self.path = path
    do {
      // The thread opens it again; a file that cannot be written must be known now.
      if let path { _ = try AppendFile(path: path, mayVanish: true) }
      let thread = try SystemThread { [self] in write() }
      self.thread.withLock { $0 = thread }
    } catch {
      throw Failure(error)
    }
  }

  /// Adds the line of a request.
  func request(
    method: String, path: String, status: Int, seconds: Double, bytes: Int, client: String?
  ) {
    let line: JSONValue = [
      "time": .string(Self.time), "client": client.map(JSONValue.string) ?? .null,
      "method": .string(method),
      "path": .string(String(path.prefix(512))), "status": .integer(status),
      "seconds": .rounded(seconds, decimals: 6), "bytes": .integer(bytes),
    ]
    add(line.text)
  }

  /// Adds the line of an event.
  func note(_ event: String, _ message: String) {
    let line: JSONValue = [
      "time": .string(Self.time), "event": .string(event), "message": .string(message),
    ]
    add(line.text)
  }

  /// Opens the file again, which another program may have renamed.
  func reopen() {
    state.withLock { $0.mustReopen = true }
    arrivals.signal()
  }

  /// Writes what is left, and ends.
  func stop() {
    state.withLock { $0.isStopped = true }
    arrivals.signal()
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }

  /// Now in UTC, to the millisecond.
  private static var time: String {
    let now = SystemClock.secondsSinceEpoch
    let whole = Int(now)
    let thousandths = String(1000 + Int((now - Double(whole)) * 1000)).dropFirst()
    return SystemClock.timestamp(secondsSinceEpoch: whole).dropLast() + "." + thousandths + "Z"
  }

  private func add(_ line: String) {
    let mustSignal = state.withLock { state in
      guard state.text.count + line.utf8.count < Self.limit else {
        state.dropped += 1
        return false
      }
      let wasEmpty = state.text.isEmpty
      state.text += line.utf8
      state.text.append(UInt8(ascii: "\n"))
      return wasEmpty
    }
    if mustSignal { arrivals.signal() }
  }

  private func write() {
    var file = path.flatMap { try? AppendFile(path: $0, mayVanish: true) }
    while true {
      arrivals.wait()
      // What arrives in the next moment is written together.
      SystemClock.wait(microseconds: 20_000)
      let taken = state.withLock { state in
        defer { (state.text, state.dropped, state.mustReopen) = ([], 0, false) }
        return state
      }
      if taken.mustReopen, let path {
        file = (try? AppendFile(path: path, mayVanish: true)) ?? file
      }
      var text = String(decoding: taken.text, as: UTF8.self)
      if taken.dropped > 0 {
        let line: JSONValue = [
          "time": .string(Self.time), "event": "log",
          "message": .string("\(taken.dropped) lines were dropped"),
        ]
        text += line.text + "\n"
      }
      if !text.isEmpty {
        if let file {
          try? file.append(line: String(text.dropLast()))
        } else {
          StandardStream.error.write(text, waiting: 1000)
        }
      }
      if taken.isStopped { return }
    }
  }
}
