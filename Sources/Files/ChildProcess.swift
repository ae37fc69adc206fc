internal import Glibc

/// Another process that runs this program, with pipes to its standard streams.
///
/// It is in a separate process group, so that Ctrl-C in a terminal reaches only this process, which decides what to do.
/// Its standard input stays open while this process lives: a child that watches it (`ParentWatch`) ends when its parent
/// ends for any reason.
package final class ChildProcess {
  /// How a process ended.
  package enum End: Equatable {
    /// With an exit code.
    case exited(Int32)
    /// By a signal.
    case signaled(Int32)
  }

  /// Why the process could not be started.
  package struct Failure: Error, CustomStringConvertible {
    /// The operation that failed.
    package let problem: String
    /// The reason.
    package let code: SystemCode

    /// One line without advice, such as `cannot make a pipe: Too many open files`.
    package var description: String { "\(problem): \(code.message)" }
  }

  /// The process's number.
  let number: Int32
  private var input: Int32
  private var output: PipeReader
  private var errors: PipeReader?
  /// How it ended; nil until that is known.
  package private(set) var end: End?

  /// Starts this program again, with other arguments.
  ///
  /// - Parameters:
  ///   - arguments: The program's name, followed by its arguments.
  ///   - environment: All variables, each as `NAME=VALUE`.
  ///   - capturesErrors: Whether to collect its standard error; otherwise it shares that of this process.
  /// - Throws: a `Failure` if the system cannot start another process.
  package init(
    arguments: [String], environment: [String] = Environment.all, capturesErrors: Bool
  ) throws(Failure) {
    let pipes = try Self.makePipes(capturesErrors ? 3 : 2)
    let (inputPipe, outputPipe) = (pipes[0], pipes[1])
    let errorPipe = capturesErrors ? pipes[2] : nil
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawn_file_actions_adddup2(&actions, inputPipe.read, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, outputPipe.write, 1)
    if let errorPipe { unsafe posix_spawn_file_actions_adddup2(&actions, errorPipe.write, 2) }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    var process: pid_t = 0
    // The right program even if its file has been replaced in the meantime.
    let failure = unsafe CStrings.with(arguments) { words in
      unsafe CStrings.with(environment) { variables in
        unsafe posix_spawn(&process, "/proc/self/exe", &actions, &attributes, words, variables)
      }
    }
    unsafe posix_spawn_file_actions_destroy(&actions)
    unsafe posix_spawnattr_destroy(&attributes)
    for descriptor in [inputPipe.read, outputPipe.write, errorPipe?.write].compactMap(\.self) { close(descriptor) }
    number = process
    input = inputPipe.write
    output = PipeReader(descriptor: outputPipe.read)
    errors = errorPipe.map { PipeReader(descriptor: $0.read) }
    if failure != 0 {
      end = .exited(127)
      throw Failure(problem: "cannot start another process", code: SystemCode(rawValue: failure))
    }
  }

  deinit {
    if input >= 0 { close(input) }
    output.close()
    errors?.close()
  }

  /// Makes `count` pipes; on failure, it leaves none open.
  private static func makePipes(_ count: Int) throws(Failure) -> [(read: Int32, write: Int32)] {
    var pipes: [(read: Int32, write: Int32)] = []
    do throws(Failure) {
      while pipes.count < count { pipes.append(try makePipe()) }
    } catch {
      for made in pipes {
        close(made.read)
        close(made.write)
      }
      throw error
    }
    return pipes
  }

  private static func makePipe() throws(Failure) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    // Other children must not inherit it: a pipe ends when its last writer closes it.
    guard unsafe pipe(&ends) == 0 else { throw Failure(problem: "cannot make a pipe", code: .last) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Sends a line. If the process has just died, the line is lost; its end is reported later.
  package func send(_ line: String) {
    try? SystemCalls.write(input, all: Array((line + "\n").utf8))
  }

  /// Returns the next whole line of its standard output.
  package func takeLine() -> String? { output.takeLine() }

  /// Its standard error so far, if it is collected.
  package var errorText: String { errors?.text ?? "" }

  /// Sends a signal, unless the process is known to have ended.
  package func signal(_ signal: Int32) {
    if end == nil { kill(number, signal) }
  }

  /// Ends the process at once.
  package func destroy() {
    signal(SIGKILL)
    reap()
  }

  private func reap() {
    guard end == nil else { return }
    var status: Int32 = 0
    while unsafe waitpid(number, &status, 0) < 0, errno == EINTR {}
    end = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signaled(status & 0x7F)
  }

  /// Waits until one of the processes writes something or ends, a signal arrives, or the time is up.
  package static func wait(for processes: [ChildProcess], seconds: Double) {
    var polls: [pollfd] = []
    for process in processes {
      for reader in [process.output, process.errors].compactMap(\.self) where !reader.isAtEnd {
        polls.append(pollfd(fd: reader.descriptor, events: Int16(POLLIN), revents: 0))
      }
    }
    let milliseconds = Int32(min(60_000, max(0, (seconds * 1000).rounded(.up))))
    guard unsafe poll(&polls, nfds_t(polls.count), milliseconds) > 0 else { return }
    let ready = Set(polls.filter { $0.revents != 0 }.map(\.fd))
    for process in processes {
      if ready.contains(process.output.descriptor) { process.output.read() }
      if let errors = process.errors, ready.contains(errors.descriptor) { process.errors?.read() }
      if process.output.isAtEnd, process.errors?.isAtEnd ?? true { process.reap() }
    }
  }
}
