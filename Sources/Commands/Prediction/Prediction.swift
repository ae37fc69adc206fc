internal import Support
internal import JacquardEngine

/// The answer to one image.
struct Prediction {
  /// What the image is called.
  let input: String
  /// The name of the likeliest class.
  let label: String
  private let classIndex: Int
  /// One probability per class.
  let probabilities: [Float]

  /// The answer that logits stand for.
  init(input: String, logits: Span<Float>, classNames: [String]) {
    var probabilities = [Float](repeating: 0, count: logits.count)
    var target = probabilities.mutableSpan
    SoftmaxCrossEntropy.softmax(logits, into: &target)
    classIndex = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    label = classNames[classIndex]
    self.probabilities = probabilities
    self.input = input
  }

  /// Whether there is an answer at all: a network of far too large weights has none.
  var isFinite: Bool { probabilities.allSatisfy(\.isFinite) }
  /// The likeliest class's probability, 0…1.
  var probability: Double { Double(probabilities[classIndex]) }

  /// The answer for programs.
  var json: JSONValue {
    [
      "schema": 1,
      "input": .string(input),
      "class": .integer(classIndex),
      "label": .string(label),
      "probability": .short(probabilities[classIndex]),
      "probabilities": .array(probabilities.map(JSONValue.short)),
    ]
  }

  /// The answer as input, class, label and probability, with tabs between them.
  var line: String {
    let probability = NumberText.fixed(Double(probabilities[classIndex]), decimals: 4)
    let texts = [CommandFailure.singleLine(input), String(classIndex), CommandFailure.visible(label), probability]
    return texts.joined(separator: "\t")
  }
}
