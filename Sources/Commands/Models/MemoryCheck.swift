internal import Support
internal import JacquardEngine

/// Refuses batches that this machine's memory cannot hold, before they end the process.
enum MemoryCheck {
  /// Compares what a training of a batch needs with the machine's memory.
  ///
  /// - Parameter networks: How many networks of this model are trained at once.
  static func check(
    _ model: Model, settings: TrainSettings, memory: Int?, networks: Int = 1
  ) throws(CommandFailure) {
    try check(model, memory: memory, flags: "--batch-size \(settings.batchSize) in \(settings.shards) shards") {
      $0.trainingByteCount(settings.trainingConfiguration).flatMap { bytes in
        let (total, overflows) = bytes.multipliedReportingOverflow(by: networks)
        return overflows ? nil : total
      }
    }
  }

  /// Compares what the answers to a batch need with the machine's memory.
  static func check(_ model: Model, inference: InferenceOptions, memory: Int?) throws(CommandFailure) {
    try check(model, memory: memory, flags: "--batch-size \(inference.batchSize)") {
      $0.inferenceByteCount(images: inference.imagesPerWorker * inference.threadCount)
    }
  }

  private static func check(
    _ model: Model, memory: Int?, flags: String, byteCount: (ModelSummary) -> Int?
  ) throws(CommandFailure) {
    let summary: ModelSummary
    do throws(ModelError) {
      summary = try model.summary()
    } catch {
      throw CommandFailure(describing: error)
    }
    guard let shortage = MemoryShortage(needed: byteCount(summary), available: memory) else { return }
    throw CommandFailure(
      .usage,
      "\(flags) needs about \(NumberText.bytes(shortage.needed)) for \"\(model.name)\", "
        + "but this machine has \(NumberText.bytes(shortage.available)); choose a smaller one.")
  }
}
