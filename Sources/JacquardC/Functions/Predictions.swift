public import CJacquard
internal import Glibc
internal import JacquardEngine

@c @implementation
public func jacquard_predict(
  _ model: OpaquePointer!, _ samples: UnsafePointer<jacquard_samples>!, _ threads: Int32,
  _ probabilities: UnsafeMutablePointer<Float>!, _ probability_count: Int
) -> jacquard_status {
  reporting { () throws(Refusal) in
    let call = try unsafe PredictionCall(model, samples, threads: threads, needsLabels: false)
    return try unsafe call.answer(into: probabilities, "probabilities", probability_count) { logits, output in
      SoftmaxCrossEntropy.softmax(logits, into: &output)
    }
  }
}

@c @implementation
public func jacquard_predict_logits(
  _ model: OpaquePointer!, _ samples: UnsafePointer<jacquard_samples>!, _ threads: Int32,
  _ logits: UnsafeMutablePointer<Float>!, _ logit_count: Int
) -> jacquard_status {
  reporting { () throws(Refusal) in
    let call = try unsafe PredictionCall(model, samples, threads: threads, needsLabels: false)
    return try unsafe call.answer(into: logits, "logits", logit_count) { logits, output in
      for index in logits.indices { output[index] = logits[index] }
    }
  }
}

@c @implementation
public func jacquard_evaluate(
  _ model: OpaquePointer!, _ samples: UnsafePointer<jacquard_samples>!, _ threads: Int32,
  _ evaluation: UnsafeMutablePointer<jacquard_evaluation>!
) -> jacquard_status {
  reporting { () throws(Refusal) in
    let place = try unsafe Handle.result(evaluation, "evaluation")
    let call = try unsafe PredictionCall(model, samples, threads: threads, needsLabels: true)
    let report = ClassificationReport(try call.predictions(), classNames: call.model.model.classNames)
    guard report.loss.isFinite else {
      throw Refusal(JACQUARD_NOT_FINITE, "the mean loss is not finite: an image or a weight is not")
    }
    unsafe place.pointee = jacquard_evaluation(
      count: Int64(report.count), correct: Int64(report.correct), loss: report.loss, accuracy: report.accuracy,
      top3: report.top3)
    return JACQUARD_OK
  }
}

/// A prediction call whose arguments have been checked.
private struct PredictionCall {
  let model: ModelHandle
  private let samples: CallerSamples
  private let threads: Int
  private let hasAnyThreads: Bool

  init(
    _ model: OpaquePointer?, _ samples: UnsafePointer<jacquard_samples>?, threads: Int32, needsLabels: Bool
  ) throws(Refusal) {
    let model = try unsafe Handle.object(model, ModelHandle.self, "model")
    self.model = model
    self.samples = try unsafe CallerSamples(samples, of: model, "samples", needsLabels: needsLabels)
    self.threads = try ThreadCount.checked(threads, "threads")
    hasAnyThreads = threads == 0
  }

  /// Computes the answers while the model cannot change.
  func predictions() throws(Refusal) -> Predictions {
    let found = try model.lock.reading { () throws(Refusal) in
      try model.predictors.withPredictor(threads: threads, orFewer: hasAnyThreads) { $0.logits(of: samples) }
    }
    guard let found else { throw Refusal(JACQUARD_INTERNAL, "a prediction was not finished") }
    return found
  }

  /// Writes the result of `transform` for each image's logits to the caller's memory.
  func answer(
    into output: UnsafeMutablePointer<Float>?, _ name: StaticString, _ outputCount: Int,
    _ transform: (Span<Float>, inout MutableSpan<Float>) -> Void
  ) throws(Refusal) -> jacquard_status {
    let output = try unsafe Handle.result(output, name)
    let classes = model.model.classNames.count
    guard outputCount == samples.count * classes else {
      throw .argument(
        "\(name) holds \(UInt(bitPattern: outputCount)) numbers; \(samples.count) images with \(classes) classes need \(samples.count * classes)"
      )
    }
    let logits = try predictions().logits
    let all = logits.span
    var unsound: Int?
    for image in 0..<samples.count {
      let row = all.extracting(image * classes..<(image + 1) * classes)
      var target = unsafe MutableSpan(_unsafeStart: output + image * classes, count: classes)
      transform(row, &target)
      if unsound == nil, row.indices.contains(where: { !row[$0].isFinite }) { unsound = image }
    }
    if let unsound {
      throw Refusal(
        JACQUARD_NOT_FINITE,
        "the answer to image \(unsound) is not finite, because one of its pixels or one of the model's weights is not")
    }
    return JACQUARD_OK
  }
}
