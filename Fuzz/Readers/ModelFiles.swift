internal import LinearAlgebra
internal import JacquardEngine

/// Models as JSON.
enum ModelFiles {
  static func readModel(_ bytes: [UInt8]) {
    guard let model = try? Model(json: bytes) else { return }
    guard let text = try? model.json(), let again = try? Model(json: text) else {
      preconditionFailure("a model cannot be written and read again")
    }
    precondition(again == model)
    guard let summary = try? model.summary() else { return }
    // Small models are also run.
    guard summary.trainingBytesPerImage < 1 << 18, summary.parameterCount < 1 << 14,
      let network = try? Network(awaitingWeights: model, options: ComputeOptions(product: .naive))
    else { return }
    precondition(network.parameterCount == summary.parameterCount)
    predict(network)
  }

  /// Computes an answer if that needs little memory.
  static func predict(_ network: Network) {
    let model = network.model
    guard let summary = try? model.summary() else { preconditionFailure("a network's model has no summary") }
    guard summary.inferenceBytesPerImage < 1 << 18 else { return }
    let predictor = Predictor(network, team: WorkerTeam(threads: 1), chunk: 1)
    let predictions = predictor.logits(of: NoImages(shape: model.inputShape))
    precondition(predictions?.logits.count == model.classNames.count)
  }

  /// One black image.
  private struct NoImages: SampleProvider {
    let shape: Shape
    var count: Int { 1 }

    func order(epoch: Int, into order: inout MutableSpan<Int32>) { order[0] = 0 }

    func draw(
      _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
    ) {
      for index in inputs.indices { inputs[index] = 0 }
      labels[0] = 0
    }
  }
}
