internal import ArgumentParser
internal import JacquardEngine

/// How a checkpoint is read and run; the answers do not depend on it.
struct InferenceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The model, where the weights file does not say it.", valueName: "name|file"), completion: .model
  )
  var model: String?

  @Option(help: ArgumentHelp("Images that are computed at a time.", valueName: "n"))
  var batchSize = 64

  @Option(help: ArgumentHelp("Worker threads ($JACQUARD_THREADS, else all cores).", valueName: "n"))
  var threads: Int?

  @OptionGroup var preprocessing: PreprocessingOptions

  func validate() throws {
    guard 1...65_536 ~= batchSize else {
      throw ValidationError("--batch-size must be a whole number from 1 to 65536, not '\(batchSize)'.")
    }
    if let threads, !(1...256 ~= threads) {
      throw ValidationError("--threads must be a whole number from 1 to 256, not '\(threads)'.")
    }
  }

  /// The worker threads.
  var threadCount: Int { threads ?? SettingVariables.threads ?? min(256, Machine.availableCores) }

  /// The threads as a team: fewer of them where the system refuses some and nobody has named a number.
  ///
  /// - Throws: a `CommandFailure` with exit code 74.
  func team() throws(CommandFailure) -> WorkerTeam {
    try .started(threads: threadCount, isNamed: threads != nil || SettingVariables.threads != nil)
  }

  /// The images that each worker computes at a time.
  var imagesPerWorker: Int { (batchSize + threadCount - 1) / threadCount }
}
