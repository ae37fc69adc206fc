package import JacquardEngine
package import Support

/// Rejects batches that this machine's memory cannot hold, before they end the process.
package enum MemoryCheck {
  /// Compares the memory needed to train a batch with the machine's memory.
  ///
  /// - Parameters:
  ///   - networks: The number of networks of this model trained at once.
  ///   - teachers: The networks that the training imitates, whose weights are in memory already.
  package static func check(
    _ model: Model, settings: TrainSettings, memory: Int?, networks: Int = 1, teachers: [Teacher] = []
  ) throws(Failure) {
    var answers: Int? = 0
    for teacher in teachers {
      let summary = try summary(of: teacher.network.model)
      let bytes = summary.inferenceByteCount(
        imagesPerWorker: 32, workers: settings.threads ?? Machine.availableCores)
      answers = answers.flatMap { sum in
        bytes.flatMap { bytes in
          let (total, overflows) = sum.addingReportingOverflow(bytes)
          return overflows ? nil : total
        }
      }
    }
    let bytes = try summary(of: model).trainingByteCount(settings.trainingConfiguration).flatMap { bytes -> Int? in
      let (product, overflows) = bytes.multipliedReportingOverflow(by: networks)
      guard !overflows, let answers else { return nil }
      let (total, isTooLarge) = product.addingReportingOverflow(answers)
      return isTooLarge ? nil : total
    }
    guard let shortage = MemoryShortage(needed: bytes, available: memory) else { return }
    throw Failure(
      .usage,
      "\(.batchSize) \(settings.batchSize) in \(settings.shards) shards needs about "
        + "\(difference(shortage, model)); choose a smaller batch.")
  }

  /// Compares the memory needed for inference on as many images as are computed at once with the machine's memory.
  package static func check(_ model: Model, inference: InferenceSettings, memory: Int?) throws(Failure) {
    let summary = try summary(of: model)
    let bytes = summary.inferenceByteCount(imagesPerWorker: inference.imagesPerWorker, workers: inference.threadCount)
    guard let shortage = MemoryShortage(needed: bytes, available: memory) else { return }
    let images = min(inference.imagesPerWorker, summary.mostImagesAtOnce) * inference.threadCount
    guard images > 1 else {
      throw Failure(.usage, "one image needs about \(difference(shortage, model)); use a machine with more memory.")
    }
    throw Failure(
      .usage,
      "\(NumberText.grouped(images)) images at once need about \(difference(shortage, model)); "
        + "choose fewer \(.threads) or a smaller \(.batchSize).")
  }

  /// Compares the memory needed for the gradients of one image on each of some workers with the machine's memory.
  package static func check(gradientsOf model: Model, threads: Int, memory: Int?) throws(Failure) {
    let bytes: Int?
    do throws(ModelError) { bytes = try model.gradientByteCount(workers: threads) } catch { throw Failure(error) }
    guard let shortage = MemoryShortage(needed: bytes, available: memory) else { return }
    throw Failure(
      .usage, "gradients on \(threads) threads need about \(difference(shortage, model)); choose fewer \(.threads).")
  }

  private static func summary(of model: Model) throws(Failure) -> ModelSummary {
    do throws(ModelError) { return try model.summary() } catch { throw Failure(error) }
  }

  private static func difference(_ shortage: MemoryShortage, _ model: Model) -> String {
    "\(NumberText.bytes(shortage.needed)) for \"\(model.name)\", but this machine has "
      + NumberText.bytes(shortage.available)
  }
}
