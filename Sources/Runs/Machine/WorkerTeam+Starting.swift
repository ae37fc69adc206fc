package import JacquardEngine
package import Support

extension WorkerTeam {
  /// A team of this many threads.
  ///
  /// - Parameter isNamed: Whether the user chose this number; if not, fewer will do if the system refuses some.
  /// - Throws: a `Failure` of the kind `inputOutput`.
  package static func started(threads: Int, isNamed: Bool) throws(Failure) -> WorkerTeam {
    try ProductMemory.check(threads: threads)
    do throws(ThreadError) {
      return try start(threads: threads, orFewer: !isNamed)
    } catch {
      throw Failure(.inputOutput, "\(error).")
    }
  }
}
