internal import Jacquard

/// Refuses batches that this machine's memory cannot hold, before they end the process.
enum MemoryCheck {
  /// Compares what a training of a batch needs with the machine's memory.
  static func check(_ model: Model, settings: TrainSettings, memory: Int?) throws(CommandFailure) {
    let summary: ModelSummary
    do throws(ModelError) {
      summary = try model.summary()
    } catch {
      throw CommandFailure(describing: error)
    }
    let (needed, isOverflow) = summary.trainingBytesPerImage.multipliedReportingOverflow(by: settings.batchSize)
    guard let memory, isOverflow || needed > memory else { return }
    throw CommandFailure(
      .usage,
      "--batch-size \(settings.batchSize) needs about \(NumberText.bytes(needed)) for \"\(model.name)\", "
        + "but this machine has \(NumberText.bytes(memory)); choose a smaller one.")
  }
}
