internal import JacquardEngine
internal import Support

extension WorkerTeam {
  /// A team of this many threads.
  ///
  /// - Parameter isNamed: Whether somebody asked for this number; else fewer will do where the system refuses some.
  /// - Throws: a `CommandFailure` with exit code 74.
  static func started(threads: Int, isNamed: Bool) throws(CommandFailure) -> WorkerTeam {
    try ProductMemory.check(threads: threads)
    do throws(ThreadError) {
      return try start(threads: threads, orFewer: !isNamed)
    } catch {
      throw CommandFailure(.inputOutput, "\(error).")
    }
  }
}
