internal import Support

/// A network's answer for one image whose class is known.
public struct Answer: Hashable, Sendable {
  /// The image's number among those that were predicted, from 0.
  public let place: Int
  /// The image's class.
  public let label: Int
  /// The predicted class: the one with the highest probability, the first of equals.
  public let answer: Int
  /// The probability of the predicted class, 0…1.
  public let probability: Double
  /// The probability of the true class, 0…1.
  public let labelProbability: Double
  /// The cross-entropy, −log of the true class's probability.
  public let loss: Double

  /// Whether the predicted class is the true class.
  ///
  /// A network whose result is not a number is never right.
  public var isRight: Bool { answer == label && !loss.isNaN }
}

extension Predictions {
  /// All answers, in the order of the images. Labels must be known and below the number of classes.
  public func answers(classes: Int) -> [Answer] {
    require(
      classes > 0 && logits.count == labels.count * classes,
      "Predictions: needs \(classes) logits per label, found \(logits.count) for \(labels.count)")
    let all = logits.span
    var probabilities = [Float](repeating: 0, count: classes)
    return labels.indices.map { image in
      let row = all.extracting(image * classes..<(image + 1) * classes)
      var target = probabilities.mutableSpan
      SoftmaxCrossEntropy.softmax(row, into: &target)
      let label = Int(labels[image])
      let answer = row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
      return Answer(
        place: image, label: label, answer: answer, probability: Double(probabilities[answer]),
        labelProbability: Double(probabilities[label]), loss: SoftmaxCrossEntropy().loss(row, label: label))
    }
  }
}
