internal import Randomness
internal import Support

extension Predictions {
  /// The probabilities `[count][classes]`.
  package func probabilities(classes: Int) -> [Float] {
    require(
      logits.count == labels.count * classes,
      "Predictions: needs \(classes) logits per label, found \(logits.count) for \(labels.count)")
    var result = [Float](repeating: 0, count: logits.count)
    var target = result.mutableSpan
    let source = logits.span
    for first in stride(from: 0, to: logits.count, by: max(1, classes)) {
      var row = target.part(first..<first + classes)
      SoftmaxCrossEntropy.softmax(source.extracting(first..<first + classes), into: &row)
    }
    return result
  }

  /// A logit that stands for a probability: softmax gives the probabilities of a row back. Zero counts as tiny, so that every loss stays finite.
  package static func logit(_ probability: Float) -> Float {
    probability.isNaN ? .nan : Float(ElementaryFunctions.logarithm(max(Double(probability), 1e-38)))
  }

  /// The answers of an ensemble: logits that stand for the mean of its members' probabilities.
  ///
  /// The sums are in double precision, and in the order of the members.
  ///
  /// - Precondition: There is at least one member, and all are about the same images.
  package static func mean(_ members: [Predictions], classes: Int) -> Predictions {
    require(!members.isEmpty, "Predictions: an ensemble needs members")
    var sums = [Double](repeating: 0, count: members[0].logits.count)
    for member in members {
      require(member.labels == members[0].labels, "Predictions: the members of an ensemble have other images")
      for (place, probability) in member.probabilities(classes: classes).enumerated() {
        sums[place] += Double(probability)
      }
    }
    return Predictions(
      logits: sums.map { sum in logit(Float(sum / Double(members.count))) }, labels: members[0].labels)
  }
}
