internal import JacquardEngine
internal import Support

/// The prediction for one image.
struct Prediction {
  /// The image's name.
  let input: String
  /// The name of the most probable class.
  let label: String
  private let classIndex: Int
  private let classNames: [String]
  /// One probability per class.
  let probabilities: [Float]

  /// The prediction that logits stand for.
  init(input: String, logits: Span<Float>, classNames: [String]) {
    var probabilities = [Float](repeating: 0, count: logits.count)
    var target = probabilities.mutableSpan
    SoftmaxCrossEntropy.softmax(logits, into: &target)
    classIndex = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    label = classNames[classIndex]
    self.classNames = classNames
    self.probabilities = probabilities
    self.input = input
  }

  /// Whether the probabilities are finite; with weights far too large they are not.
  var isFinite: Bool { probabilities.allSatisfy(\.isFinite) }
  /// The probability of the most probable class, 0…1.
  var probability: Double { Double(probabilities[classIndex]) }

  /// The most probable classes; of equal ones, the first comes first.
  private func likeliest(_ count: Int) -> [Int] {
    // Sorting is stable.
    Array(probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }.prefix(count))
  }

  /// The prediction for programs.
  ///
  /// - Parameters:
  ///   - top: How many of the most probable classes to list as well; nil for none.
  ///   - views: The views that were averaged.
  func json(top: Int? = nil, views: TestTimeViews = .none) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init(name: "schema", value: 1),
      .init(name: "input", value: .string(input)), .init(name: "class", value: .integer(classIndex)),
      .init(name: "label", value: .string(label)), .init(name: "probability", value: .short(probabilities[classIndex])),
      .init(name: "probabilities", value: .array(probabilities.map(JSONValue.short))),
    ]
    if views != .none { members.append(.init(name: "tta", value: .string(views.description))) }
    if let top {
      let list = likeliest(top).map { place -> JSONValue in
        ["class": .integer(place), "label": .string(classNames[place]), "probability": .short(probabilities[place])]
      }
      members.append(.init(name: "top", value: .array(list)))
    }
    return .object(members)
  }

  /// The prediction as input, class, label and probability, separated by tabs; the last three repeat for each further class.
  ///
  /// - Parameter top: How many of the most probable classes.
  func line(top: Int? = nil) -> String {
    let classes = top.map(likeliest) ?? [classIndex]
    let texts = classes.flatMap { place in
      let probability = NumberText.share(Double(probabilities[place]), decimals: 4)
      return [String(place), VisibleText.of(classNames[place]), probability]
    }
    return ([VisibleText.line(input)] + texts).joined(separator: "\t")
  }
}
