internal import Support

/// The quality of a classifier's answers: computes every figure that `evaluate` prints from logits and true classes.
public struct ClassificationReport: Sendable, Hashable {
  /// The figures of one class.
  public struct ClassFigures: Sendable, Hashable {
    /// The class's name.
    public let name: String
    /// The share of answers with this class that are right; 0 if there are none.
    public let precision: Double
    /// The share of this class's images that were found; 0 if there are none.
    public let recall: Double
    /// The harmonic mean of precision and recall.
    public let f1: Double
    /// The number of images of this class.
    public let support: Int
  }

  /// The answers whose confidence falls into one of 15 equal parts of 0…1.
  public struct CalibrationBin: Sendable, Hashable {
    /// The number of answers.
    public let count: Int
    /// The mean of their confidences; 0 if there are no answers.
    public let confidence: Double
    /// The share of right answers; 0 if there are no answers.
    public let accuracy: Double
  }

  /// Images of one class that were taken for another.
  public struct ConfusedPair: Sendable, Hashable {
    /// The true class.
    public let label: Int
    /// The predicted class.
    public let answer: Int
    /// The number of such images.
    public let count: Int
  }

  /// The number of images.
  public let count: Int
  /// The number of right answers. If the network's result is not a number, its answers count as wrong.
  public let correct: Int
  /// Mean cross-entropy, without label smoothing.
  public let loss: Double
  /// The share of right answers.
  public let accuracy: Double
  /// The share of images whose class is among the three most probable.
  public let top3: Double
  /// Σ over bins of confidence of `|accuracy − mean confidence| · share of images`, 15 equal bins (Guo et al. 2017).
  public let expectedCalibrationError: Double
  /// The bins, from confidence 0 to 1.
  public let calibration: [CalibrationBin]
  /// One entry per class.
  public let perClass: [ClassFigures]
  /// How often each pair of a class and an answer occurs, for pairs that occur; the key is `label · classes + answer`. It has at most as many entries
  /// as there are images, whereas a matrix of many classes could exceed the memory.
  let pairs: [Int: Int]

  /// The number of images of a class that were taken for another class.
  package func count(label: Int, answer: Int) -> Int { pairs[label * perClass.count + answer] ?? 0 }

  /// The matrix of counts: rows are true classes, columns are answers. Each call builds a new matrix of `classes²` numbers.
  public var confusion: [[Int]] {
    let classes = perClass.count
    var rows = Array(repeating: Array(repeating: 0, count: classes), count: classes)
    for (pair, count) in pairs { rows[pair / classes][pair % classes] = count }
    return rows
  }

  /// The report on `predictions`, whose labels must be known and below the number of classes.
  public init(_ predictions: Predictions, classNames: [String]) {
    let classes = classNames.count
    require(
      predictions.logits.count == predictions.labels.count * classes,
      "ClassificationReport: needs \(classes) logits per label, found \(predictions.logits.count) for \(predictions.labels.count)"
    )
    var tally = Tally(classes: classes)
    let logits = predictions.logits.span
    for (image, label) in predictions.labels.enumerated() {
      tally.add(logits.extracting(image * classes..<(image + 1) * classes), label: Int(label))
    }
    let total = Double(max(1, predictions.labels.count))
    count = predictions.labels.count
    correct = tally.correct
    loss = tally.loss / total
    accuracy = Double(tally.correct) / total
    top3 = Double(tally.amongThree) / total
    expectedCalibrationError = tally.calibrationError / total
    calibration = tally.calibration
    pairs = tally.pairs
    perClass = classNames.indices.map { index in
      ClassFigures(
        classNames[index], found: tally.pairs[index * classes + index] ?? 0, answers: tally.answersOfClass[index],
        support: tally.imagesOfClass[index])
    }
  }

  /// Sums over images.
  private struct Tally {
    static let bins = 15
    let classes: Int
    var loss = 0.0
    var correct = 0
    var amongThree = 0
    var pairs: [Int: Int] = [:]
    var imagesOfClass: [Int]
    var answersOfClass: [Int]
    var confidence = [Double](repeating: 0, count: bins)
    var right = [Double](repeating: 0, count: bins)
    var answers = [Int](repeating: 0, count: bins)
    private var probabilities: [Float]

    init(classes: Int) {
      self.classes = classes
      imagesOfClass = Array(repeating: 0, count: classes)
      answersOfClass = imagesOfClass
      probabilities = Array(repeating: 0, count: classes)
    }

    mutating func add(_ logits: Span<Float>, label: Int) {
      var target = probabilities.mutableSpan
      SoftmaxCrossEntropy.softmax(logits, into: &target)
      let answer = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
      let ahead = logits.indices.count { logits[$0] > logits[label] || (logits[$0] == logits[label] && $0 < label) }
      loss += SoftmaxCrossEntropy().loss(logits, label: label)
      let isCorrect = RightAnswers.isRight(logits, label: label)
      correct += isCorrect ? 1 : 0
      amongThree += ahead < 3 && !logits[label].isNaN ? 1 : 0
      pairs[label * classes + answer, default: 0] += 1
      imagesOfClass[label] += 1
      answersOfClass[answer] += 1
      let certainty = Double(probabilities[answer])
      let bin = certainty.isNaN ? 0 : min(Self.bins - 1, Int(certainty * Double(Self.bins)))
      confidence[bin] += certainty
      right[bin] += isCorrect ? 1 : 0
      answers[bin] += 1
    }

    var calibration: [CalibrationBin] {
      answers.indices.map { bin in
        let count = Double(max(1, answers[bin]))
        return CalibrationBin(count: answers[bin], confidence: confidence[bin] / count, accuracy: right[bin] / count)
      }
    }

    var calibrationError: Double { zip(confidence, right).reduce(0) { $0 + ($1.0 - $1.1).magnitude } }
  }
}

extension ClassificationReport.ClassFigures {
  fileprivate init(_ name: String, found: Int, answers: Int, support: Int) {
    precision = answers > 0 ? Double(found) / Double(answers) : 0
    recall = support > 0 ? Double(found) / Double(support) : 0
    f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    self.name = name
    self.support = support
  }
}
