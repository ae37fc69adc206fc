package import JacquardEngine
package import Support

/// How a checkpoint is read and run; the answers do not depend on it.
package struct InferenceSettings: Sendable {
  /// The model's name or file, where the weights file does not say it.
  package let model: String?
  /// How pixels become the model's inputs, where somebody has stated it.
  package let preprocessing: Normalization?
  /// Images that are computed at a time.
  package let batchSize: Int
  /// Worker threads; nil for those of the environment, or else all cores.
  package let threads: Int?

  /// Says how checkpoints are run.
  package init(model: String?, preprocessing: Normalization?, batchSize: Int, threads: Int?) {
    self.model = model
    self.preprocessing = preprocessing
    self.batchSize = batchSize
    self.threads = threads
  }

  /// The worker threads.
  package var threadCount: Int {
    threads ?? SettingVariables.threads ?? min(WorkerTeam.largestCount, Machine.availableCores)
  }

  /// The threads as a team: fewer of them where the system refuses some and nobody has named a number.
  ///
  /// - Throws: a `Failure` if the system refuses threads.
  package func team() throws(Failure) -> WorkerTeam {
    try .started(threads: threadCount, isNamed: threads != nil || SettingVariables.threads != nil)
  }

  /// The images that each worker computes at a time.
  package var imagesPerWorker: Int { (batchSize + threadCount - 1) / threadCount }
}
