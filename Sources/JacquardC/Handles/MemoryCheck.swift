internal import CJacquard
internal import Glibc
internal import Jacquard

/// Refuses what this machine's memory cannot hold: asking for it would end the process.
enum MemoryCheck {
  private static let memory: Int? = {
    let (pages, pageSize) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && pageSize > 0 ? pages * pageSize : nil
  }()

  /// A model whose parameters alone are too many.
  static func check(_ model: Model, tensors: [NetworkTensor]) throws(Refusal) {
    let needed = tensors.reduce(0) { $0 + $1.range.count } * MemoryLayout<Float>.stride
    if let memory, needed > memory {
      throw Refusal(JACQUARD_BAD_MODEL, "the model \"\(model.name)\" needs \(needed) bytes; this machine has \(memory)")
    }
  }

  /// A training whose batches are too large.
  static func check(_ model: Model, batchSize: Int, shards: Int) throws(Refusal) {
    let summary: ModelSummary
    do throws(ModelError) {
      summary = try model.summary()
    } catch {
      throw Refusal(error)
    }
    let needed = summary.trainingByteCount(batchSize: batchSize, shards: shards) ?? .max
    if let memory, needed > memory {
      throw .argument(
        "training->batch_size is \(batchSize) and shards \(shards), which need about \(needed) bytes for the model \"\(model.name)\"; this machine has \(memory)"
      )
    }
  }
}
