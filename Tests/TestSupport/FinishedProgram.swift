internal import Foundation
internal import Glibc

/// The result of a program that has ended.
public struct FinishedProgram: Sendable {
  /// Its exit code; 128 plus the signal's number if a signal ended it, as in shells.
  public let status: Int32
  /// All of its standard output.
  public let output: String
  /// All of its standard error.
  public let error: String

  /// Why the program has no result.
  public enum Failure: Error, CustomStringConvertible {
    /// The system did not start it.
    case notStarted(String, reason: String)
    /// It ran too long and was ended.
    case tooLong(String, seconds: Double, error: String)

    /// One line.
    public var description: String {
      switch self {
      case .notStarted(let command, let reason): "cannot start \(command): \(reason)"
      case .tooLong(let command, let seconds, let error): "ended after \(seconds) s: \(command); it said: \(error)"
      }
    }
  }

  /// Runs a program to completion, with empty standard input.
  ///
  /// It runs in a separate process group, which ends with it: a browser's helpers must not outlive it, and a program that hangs
  /// must not hold up the other tests.
  ///
  /// - Parameters:
  ///   - path: The path of the program.
  ///   - environment: All of its environment; nil for that of the tests.
  ///   - folder: The working directory; nil for that of the tests.
  ///   - seconds: The time limit.
  /// - Throws: a `Failure` if it does not start, or runs for longer.
  public init(
    _ path: String, _ arguments: [String], environment: [String: String]? = nil, in folder: String? = nil,
    seconds: Double = 900
  ) throws {
    // Files instead of pipes: nothing can block on a full pipe.
    let streams = try TemporaryFolder()
    let command = ([path] + arguments).joined(separator: " ")
    let process = try Self.start(
      path, arguments, environment ?? ProcessInfo.processInfo.environment, in: folder, output: streams("output"),
      error: streams("error"))
    let ended = Self.wait(for: process, seconds: seconds)
    kill(-process, SIGKILL)
    guard let ended else {
      _ = Self.wait(for: process, seconds: 60)
      throw Failure.tooLong(command, seconds: seconds, error: String((try? streams.text("error"))?.suffix(2000) ?? ""))
    }
    status = ended & 0x7F == 0 ? ended >> 8 & 0xFF : 128 + ended & 0x7F
    output = try streams.text("output")
    error = try streams.text("error")
  }

  /// Starts a program whose standard output and error are new files, and returns its number.
  private static func start(
    _ path: String, _ arguments: [String], _ environment: [String: String], in folder: String?, output: String,
    error: String
  ) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (descriptor, file) in [(1, output), (2, error)] as [(Int32, String)] {
      unsafe posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    }
    // It must not inherit other tests' open files, because it would hold their locks and pipes.
    for descriptor in 3..<Int32(256) { unsafe posix_spawn_file_actions_addclose(&actions, descriptor) }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var (all, none) = (sigset_t(), sigset_t())
    unsafe sigfillset(&all)
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    if let folder { unsafe try changeFolder(&actions, folder) }
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawn(&process, path, &actions, &attributes, &words, &variables)
    guard code == 0 else { throw Failure.notStarted(path, reason: unsafe String(cString: strerror(code))) }
    return process
  }

  /// Makes the program start in `folder`, by a function of glibc (and of POSIX since 2024) that Swift does not import.
  private static func changeFolder(_ actions: inout posix_spawn_file_actions_t, _ folder: String) throws {
    typealias Function =
      @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32
    guard let symbol = unsafe dlsym(nil, "posix_spawn_file_actions_addchdir_np") else {
      throw Failure.notStarted(folder, reason: "the C library cannot start a program in another folder")
    }
    _ = unsafe unsafeBitCast(symbol, to: Function.self)(&actions, folder)
  }

  /// The status of an ended process; nil if it still runs after a number of seconds.
  private static func wait(for process: pid_t, seconds: Double) -> Int32? {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    var (status, pause): (Int32, UInt32) = (0, 200)
    while true {
      let found = unsafe waitpid(process, &status, WNOHANG)
      if found == process { return status }
      if found < 0, errno != EINTR { return 127 << 8 }
      if clock.now > deadline { return nil }
      usleep(pause)
      pause = min(pause * 2, 10_000)
    }
  }

  /// A program of this build, such as the command line: it is beside the test bundle.
  public static func built(_ name: String) -> String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent(name).path
  }
}
