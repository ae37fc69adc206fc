internal import ArgumentParser
internal import Datasets
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support
internal import Terminal

/// What verbs that train several runs have in common.
extension TrainingVerb {
  /// The threads of each run.
  ///
  /// - Parameter threads: The number that the user chose, if any.
  func threadCount(_ threads: Int?) -> Int { threads ?? min(WorkerTeam.largestCount, Machine.availableCores) }

  /// Prints what the runs reached, and how to train what is left.
  ///
  /// - Parameter folder: The folder of all runs.
  /// - Throws: the signal that stopped the runs, or why some of them failed.
  func report(_ summary: some SeriesSummary, in folder: String, _ console: Console) throws {
    try console.result(output.json ? [summary.json.text] : summary.lines)
    if let stopped = StopSignal.request {
      let verb = Self.configuration.commandName ?? ""
      console.say("jacquard: stopped; resume with: jacquard \(verb) --resume \(ShellText.quoted(folder))\n")
      throw stopped
    }
    if !summary.isComplete {
      console.note("another process is training some runs; resume the folder again to train what is left")
    }
    if let failure = summary.failure { throw failure }
  }
}
