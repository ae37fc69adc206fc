package import JacquardEngine
package import Support

/// How to read and run a checkpoint; the predictions do not depend on it.
package struct InferenceSettings: Sendable {
  /// The model's name or file, if the weights file does not name it.
  package let model: String?
  /// How pixels become the model's inputs, if the user says.
  package let preprocessing: Normalization?
  /// Images per batch.
  package let batchSize: Int
  /// Worker threads; nil for those of the environment, or all cores.
  package let threads: Int?

  /// Makes settings for running checkpoints.
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

  /// The threads as a team. If the system refuses some and no number was requested, fewer are used.
  ///
  /// - Throws: a `Failure` if the system refuses threads.
  package func team() throws(Failure) -> WorkerTeam {
    try .started(threads: threadCount, isNamed: threads != nil || SettingVariables.threads != nil)
  }

  /// The number of images that each worker computes at once.
  package var imagesPerWorker: Int { (batchSize + threadCount - 1) / threadCount }
}
