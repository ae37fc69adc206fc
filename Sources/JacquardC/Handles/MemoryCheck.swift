internal import CJacquard
internal import JacquardEngine
internal import Support

/// Rejects models and batches that do not fit into memory, because allocating them would end the process.
enum MemoryCheck {
  /// Checks the parameters of a model.
  static func check(_ model: Model, tensors: [NetworkTensor]) throws(Refusal) {
    let needed = tensors.reduce(0) { $0 + $1.range.count } * MemoryLayout<Float>.stride
    if let shortage = MemoryShortage(needed: needed) {
      throw Refusal(
        JACQUARD_BAD_MODEL,
        "the model \"\(model.name)\" needs \(shortage.needed) bytes; this machine has \(shortage.available)")
    }
  }

  /// Checks the batches of a training.
  static func check(_ model: Model, configuration: TrainingConfiguration) throws(Refusal) {
    let summary: ModelSummary
    do throws(ModelError) {
      summary = try model.summary()
    } catch {
      throw Refusal(error)
    }
    if let shortage = MemoryShortage(needed: summary.trainingByteCount(configuration)) {
      throw .argument(
        "training->batch_size is \(configuration.batchSize) and shards \(configuration.shards), which need about \(shortage.needed) bytes "
          + "for the model \"\(model.name)\"; this machine has \(shortage.available)")
    }
  }
}
