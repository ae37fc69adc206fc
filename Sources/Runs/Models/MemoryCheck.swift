package import JacquardEngine
package import Support

/// Rejects batches that this machine's memory cannot hold, before they end the process.
package enum MemoryCheck {
  /// Compares the memory needed to train a batch with the machine's memory.
  ///
  /// - Parameter networks: The number of networks of this model trained at once.
  package static func check(
    _ model: Model, settings: TrainSettings, memory: Int?, networks: Int = 1
  ) throws(Failure) {
    try check(model, memory: memory, what: "\(.batchSize) \(settings.batchSize) in \(settings.shards) shards") {
      $0.trainingByteCount(settings.trainingConfiguration).flatMap { bytes in
        let (total, overflows) = bytes.multipliedReportingOverflow(by: networks)
        return overflows ? nil : total
      }
    }
  }

  /// Compares the memory needed for inference on a batch with the machine's memory.
  package static func check(_ model: Model, inference: InferenceSettings, memory: Int?) throws(Failure) {
    try check(model, memory: memory, what: "\(.batchSize) \(inference.batchSize)") {
      $0.inferenceByteCount(images: inference.imagesPerWorker * inference.threadCount)
    }
  }

  private static func check(
    _ model: Model, memory: Int?, what: MessageText, byteCount: (ModelSummary) -> Int?
  ) throws(Failure) {
    let summary: ModelSummary
    do throws(ModelError) {
      summary = try model.summary()
    } catch {
      throw Failure(error)
    }
    guard let shortage = MemoryShortage(needed: byteCount(summary), available: memory) else { return }
    throw Failure(
      .usage,
      "\(what) needs about \(NumberText.bytes(shortage.needed)) for \"\(model.name)\", "
        + "but this machine has \(NumberText.bytes(shortage.available)); choose a smaller batch.")
  }
}
