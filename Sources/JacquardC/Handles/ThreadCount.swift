internal import CJacquard
internal import JacquardEngine
internal import Support

/// The number of threads that a caller requests.
enum ThreadCount {
  /// The number itself, or for 0 the number of processors, at most `WorkerTeam.largestCount`.
  static func checked(_ count: Int32, _ name: StaticString) throws(Refusal) -> Int {
    guard (0...WorkerTeam.largestCount).contains(Int(count)) else {
      throw .argument("\(name) is \(count); it must be 1 to \(WorkerTeam.largestCount), or 0 for one per processor")
    }
    return count == 0 ? min(WorkerTeam.largestCount, Hardware.processorCount) : Int(count)
  }

  /// Makes a team of this many threads.
  ///
  /// - Parameter orFewer: Whether the caller left the number to the library, so that fewer are accepted if the system
  ///   refuses some.
  static func team(_ count: Int, orFewer: Bool) throws(Refusal) -> WorkerTeam {
    do throws(ThreadError) {
      return try WorkerTeam.start(threads: count, orFewer: orFewer)
    } catch {
      throw Refusal(JACQUARD_NO_THREADS, "\(error)")
    }
  }
}
