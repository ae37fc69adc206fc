internal import CJacquard
internal import JacquardEngine
internal import Support

/// How many threads a caller asks for.
enum ThreadCount {
  /// The number itself, or for 0 that of the processors, at most `WorkerTeam.largestCount`.
  static func checked(_ count: Int32, _ name: StaticString) throws(Refusal) -> Int {
    guard (0...WorkerTeam.largestCount).contains(Int(count)) else {
      throw .argument("\(name) is \(count); it must be 1 to \(WorkerTeam.largestCount), or 0 for one on each processor")
    }
    return count == 0 ? min(WorkerTeam.largestCount, Hardware.processorCount) : Int(count)
  }

  /// A team of this many threads.
  ///
  /// - Parameter orFewer: Whether the caller left their number to the library, so that as many will do as the system gives.
  static func team(_ count: Int, orFewer: Bool) throws(Refusal) -> WorkerTeam {
    do throws(ThreadError) {
      return try WorkerTeam.start(threads: count, orFewer: orFewer)
    } catch {
      throw Refusal(JACQUARD_NO_THREADS, "\(error)")
    }
  }
}
