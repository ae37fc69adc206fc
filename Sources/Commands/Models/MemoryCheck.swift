internal import Jacquard

/// Refuses batches that this machine's memory cannot hold, before they end the process.
enum MemoryCheck {
  /// Compares what a training of a batch needs with the machine's memory.
  static func check(_ model: Model, settings: TrainSettings, memory: Int?) throws(CommandFailure) {
    try check(
      model, memory: memory, flag: "--batch-size \(settings.batchSize)", images: settings.batchSize,
      perImage: \.trainingBytesPerImage)
  }

  /// Compares what the answers to a batch need with the machine's memory.
  static func check(_ model: Model, inference: InferenceOptions, memory: Int?) throws(CommandFailure) {
    try check(
      model, memory: memory, flag: "--batch-size \(inference.batchSize)",
      images: inference.imagesPerWorker * inference.threadCount, perImage: \.inferenceBytesPerImage)
  }

  private static func check(
    _ model: Model, memory: Int?, flag: String, images: Int, perImage: (ModelSummary) -> Int
  ) throws(CommandFailure) {
    let summary: ModelSummary
    do throws(ModelError) {
      summary = try model.summary()
    } catch {
      throw CommandFailure(describing: error)
    }
    let (needed, isOverflow) = perImage(summary).multipliedReportingOverflow(by: images)
    guard let memory, isOverflow || needed > memory else { return }
    throw CommandFailure(
      .usage,
      "\(flag) needs about \(NumberText.bytes(needed)) for \"\(model.name)\", "
        + "but this machine has \(NumberText.bytes(memory)); choose a smaller one.")
  }
}
