internal import Glibc

/// Another process of this very program, with pipes to its standard streams.
///
/// It belongs to a process group of its own, so that Ctrl-C in a terminal reaches this process only, which then decides. Its
/// standard input is open for as long as this process lives: a child that watches it (`ParentWatch`) ends with its parent, however
/// that ends.
final class ChildProcess {
  /// How a process ended.
  enum End: Equatable {
    /// With an exit code.
    case exited(Int32)
    /// By a signal.
    case signaled(Int32)
  }

  /// The process's number.
  let number: Int32
  private var input: Int32
  private var output: PipeReader
  private var errors: PipeReader?
  private(set) var end: End?

  /// Starts this program with other arguments.
  ///
  /// - Parameters:
  ///   - capturesErrors: Whether its standard error is collected; else it is that of this process.
  ///   - prefix: Environment variables that begin like this are kept from it; nil for none.
  /// - Throws: a `CommandFailure` with exit code 74 if the system has no room for another process.
  init(_ arguments: [String], capturesErrors: Bool, withoutVariables prefix: String? = nil) throws(CommandFailure) {
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
    let environment = Environment.all.filter { variable in !(prefix.map(variable.hasPrefix) ?? false) }
    // Also the right program when its file has been replaced in the meantime.
    let failure = unsafe CStrings.with(["jacquard"] + arguments) { words in
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
      throw CommandFailure(
        .inputOutput, "cannot start another process: \(SystemError.text(failure)); try again with fewer --jobs.")
    }
  }

  deinit {
    if input >= 0 { close(input) }
    output.close()
    errors?.close()
  }

  /// Makes so many pipes, or none.
  private static func makePipes(_ count: Int) throws(CommandFailure) -> [(read: Int32, write: Int32)] {
    var pipes: [(read: Int32, write: Int32)] = []
    do throws(CommandFailure) {
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

  private static func makePipe() throws(CommandFailure) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    // Not for other children: a pipe ends when its only writer is gone.
    guard unsafe pipe(&ends) == 0 else {
      throw CommandFailure(.inputOutput, "cannot make a pipe: \(SystemError.text(errno)); try again with fewer --jobs.")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Sends a line; what a process that has just died does not take is lost, and shows as its end.
  func send(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(input, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0, errno != EINTR { return }
      written += max(0, count)
    }
  }

  /// The next whole line that it has written to its standard output and that nobody has taken yet.
  func takeLine() -> String? { output.takeLine() }

  /// All that it has written to its standard error so far, if that is collected.
  var errorText: String { errors?.text ?? "" }

  /// Sends a signal, unless the process is known to have ended.
  func signal(_ signal: Int32) {
    if end == nil { kill(number, signal) }
  }

  /// Ends the process at once.
  func destroy() {
    signal(SIGKILL)
    reap()
  }

  private func reap() {
    guard end == nil else { return }
    var status: Int32 = 0
    while unsafe waitpid(number, &status, 0) < 0, errno == EINTR {}
    end = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signaled(status & 0x7F)
  }

  /// Waits until one of the processes has written something or has ended, a signal arrives, or the time is over.
  static func wait(for processes: [ChildProcess], seconds: Double) {
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
