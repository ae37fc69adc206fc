internal import Support

/// Labels that are probably wrong, by probabilities from networks that were not trained on these labels (confident learning; Northcutt, Jiang and Chuang 2021).
///
/// The threshold of a class is the mean of its probability over the samples with its label. A sample belongs confidently to the most probable of the classes whose
/// thresholds its probabilities reach. Its label is suspected if that is another class than its label, unless the label itself is the most probable class.
package struct ConfidentLearning: Sendable {
  /// A label that is probably wrong.
  package struct Suspect: Hashable, Sendable {
    /// The sample's place among the labels.
    package let place: Int
    /// The class that it probably belongs to.
    package let meant: Int
    /// The probability of its label.
    package let labelProbability: Double
    /// The probability of the other class.
    package let probability: Double
  }

  /// The suspects, by rising probability of their labels; of equal ones the lower place first.
  package let suspects: [Suspect]
  /// The threshold of each class; nil for a class without samples.
  package let thresholds: [Double?]
  /// The number of samples that confidently belong to a class, by label and class: `[label][class]`.
  package let joint: [[Int]]

  /// Finds the suspects.
  ///
  /// - Parameters:
  ///   - probabilities: `[samples][classes]`
  ///   - labels: The class of each sample.
  /// - Precondition: There is one row for each label, and labels are classes.
  package init(_ probabilities: [Float], labels: [Int32], classes: Int) {
    require(
      probabilities.count == labels.count * classes && labels.allSatisfy { 0..<classes ~= Int($0) },
      "ConfidentLearning: \(labels.count) labels of \(classes) classes, but \(probabilities.count) probabilities")
    var sums = [Double](repeating: 0, count: classes)
    var counts = [Int](repeating: 0, count: classes)
    for (place, label) in labels.enumerated() {
      sums[Int(label)] += Double(probabilities[place * classes + Int(label)])
      counts[Int(label)] += 1
    }
    let thresholds = zip(sums, counts).map { $1 == 0 ? nil : $0 / Double($1) }
    var joint = [[Int]](repeating: Array(repeating: 0, count: classes), count: classes)
    var suspects: [Suspect] = []
    for (place, label) in labels.enumerated() {
      func probability(_ choice: Int) -> Double { Double(probabilities[place * classes + choice]) }
      var confident: Int?
      var answer = 0
      for choice in 0..<classes {
        if probability(choice) > probability(answer) { answer = choice }
        guard let threshold = thresholds[choice], probability(choice) >= threshold - Self.rounding else { continue }
        if confident.map({ probability(choice) > probability($0) }) ?? true { confident = choice }
      }
      guard let confident else { continue }
      joint[Int(label)][confident] += 1
      // A tie is no evidence against a label.
      if confident != Int(label), probability(answer) > probability(Int(label)) + Self.rounding {
        suspects.append(
          Suspect(
            place: place, meant: confident, labelProbability: probability(Int(label)),
            probability: probability(confident)))
      }
    }
    self.thresholds = thresholds
    self.joint = joint
    self.suspects = suspects.sorted { ($0.labelProbability, $0.place) < ($1.labelProbability, $1.place) }
  }

  /// Differences below this are those of rounding.
  private static let rounding = 1e-6
}
