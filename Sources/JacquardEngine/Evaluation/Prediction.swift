public import Samples
internal import Support

/// A network's answer to one sample.
public struct Prediction: Hashable, Sendable {
  /// The name of the most probable class; the first of equals.
  public let label: String
  /// The number of that class.
  public let classIndex: Int
  /// Its probability, 0…1.
  public let probability: Double
  /// The probability of every class, in the model's order.
  public let probabilities: [Double]

  init(logits: Span<Float>, classNames: [String]) {
    var shares = [Float](repeating: 0, count: logits.count)
    var target = shares.mutableSpan
    SoftmaxCrossEntropy.softmax(logits, into: &target)
    classIndex = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    label = classNames[classIndex]
    probabilities = shares.map(Double.init)
    probability = probabilities[classIndex]
  }
}

extension Network {
  /// Evaluates the network on samples of known classes.
  ///
  /// - Parameters:
  ///   - samples: The samples, in the order of their numbers, as drawn for epoch 0.
  ///   - threads: The number of threads, 1 to 256; by default one for each processor. The result does not depend on it.
  /// - Throws: `SampleError` if the samples do not fit the model, or are empty.
  public func evaluate(
    _ samples: any SampleProvider, threads: Int? = nil
  ) throws(SampleError) -> ClassificationReport {
    let predictions = try predictions(of: samples, threads: threads)
    let classes = model.classNames.count
    if let label = predictions.labels.first(where: { $0 < 0 || $0 >= classes }) {
      throw .label(found: Int(label), classCount: classes)
    }
    return ClassificationReport(predictions, classNames: model.classNames)
  }

  /// Predicts the class of one sample.
  ///
  /// - Throws: `SampleError` if the sample does not fit the model.
  public func predict(_ sample: Sample) throws(SampleError) -> Prediction {
    let predictions = try predictions(of: OneSample(sample: sample), threads: 1)
    return Prediction(logits: predictions.logits.span, classNames: model.classNames)
  }

  private func predictions(of samples: any SampleProvider, threads: Int?) throws(SampleError) -> Predictions {
    guard samples.shape == model.inputShape else {
      throw .shape(found: samples.shape, expected: model.inputShape)
    }
    guard samples.count > 0 else { throw .noSamples }
    // Nothing stops this prediction, so it always has a result.
    return Predictor(self, team: WorkerTeam(threads: threads)).logits(of: samples)
      ?? Predictions(logits: [], labels: [])
  }
}

/// Why a network cannot take samples.
public enum SampleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The shape of the samples differs from the model's input shape.
  case shape(found: Shape, expected: Shape)
  /// There are no samples.
  case noSamples
  /// A sample's class does not exist in the model.
  case label(found: Int, classCount: Int)

  /// One line that says what is wrong and what to do.
  public var description: String {
    let diagnostic =
      switch self {
      case .shape(let found, let expected):
        Diagnostic(
          problem: "the samples do not fit the model", expected: "\(expected)", found: "\(found)",
          advice: "use the data that the model was made for, or a model for this data")
      case .noSamples:
        Diagnostic(
          problem: "there are no samples", expected: "at least one", found: "none",
          advice: "choose another part of the data")
      case .label(let found, let classCount):
        Diagnostic(
          problem: "a label names no class of the model", expected: "0 to \(classCount - 1)", found: "\(found)",
          advice: "use the data that the model was made for, or a model for this data")
      }
    return diagnostic.description
  }
}

/// A single sample in memory.
private struct OneSample: SampleProvider {
  let sample: Sample
  var count: Int { 1 }
  var shape: Shape { sample.shape }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) { order[0] = 0 }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    for place in samples.indices {
      labels[place] = Int32(sample.label)
      for index in 0..<shape.count { inputs[place * shape.count + index] = sample.inputs[index] }
    }
  }
}
