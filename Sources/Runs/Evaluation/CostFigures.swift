internal import Files
internal import JacquardEngine
package import Support
internal import Terminal

/// What answers cost if mistakes are not equally bad, and the answers that are expected to cost least.
///
/// A mistake costs 1 and a right answer nothing, unless a table says otherwise. The expected cost of an answer is the sum over the classes of their
/// probabilities times the cost of the answer for an image of that class.
package struct CostFigures {
  /// The mean cost of the most probable classes.
  package let plainMean: Double
  /// The mean cost of the answers whose expected cost is least.
  package let leastMean: Double
  /// The accuracy of those answers.
  package let leastAccuracy: Double
  /// The images whose answer changes.
  package let changed: Int
  /// Of two classes, the probability of the second from which it is the better answer; nil for more classes, or if one answer is always better.
  package let threshold: Double?

  private static let range = NumberRange.from(0, upTo: 1_000_000)

  /// Reads a table with the columns `true`, `predicted` and `cost`, and computes the costs of an evaluation.
  ///
  /// - Throws: a `Failure` that names the line of an unknown class or of a cost that is no number from 0 to 1,000,000.
  package init(_ file: String, of evaluation: Evaluation) throws(Failure) {
    let names = evaluation.classNames
    let costs = try Self.costs(file, classNames: names)
    let predictions = evaluation.predictions
    let probabilities = predictions.probabilities(classes: names.count)
    func cost(_ label: Int, _ answer: Int) -> Double {
      costs[label * names.count + answer] ?? (label == answer ? 0 : 1)
    }
    // By their differences from the usual costs, so that the work grows with the table and not with the square of the classes.
    let listed = costs.sorted { $0.key < $1.key }.map { place, cost in
      let (label, answer) = (place / names.count, place % names.count)
      return (label: label, answer: answer, difference: cost - (label == answer ? 0 : 1))
    }
    var (plain, least, right, changed) = (0.0, 0.0, 0, 0)
    var expected = [Double](repeating: 0, count: names.count)
    for (image, answer) in evaluation.answers.enumerated() {
      let first = image * names.count
      for choice in names.indices { expected[choice] = 1 - Double(probabilities[first + choice]) }
      for item in listed { expected[item.answer] += Double(probabilities[first + item.label]) * item.difference }
      // Of equal ones the most probable class, then the first.
      var best = answer.answer
      for choice in names.indices where expected[choice] < expected[best] { best = choice }
      plain += cost(answer.label, answer.answer)
      least += cost(answer.label, best)
      if best == answer.label { right += 1 }
      if best != answer.answer { changed += 1 }
    }
    let count = Double(max(1, predictions.labels.count))
    plainMean = plain / count
    leastMean = least / count
    leastAccuracy = Double(right) / count
    self.changed = changed
    let (missed, mistaken) = names.count == 2 ? (cost(1, 0) - cost(1, 1), cost(0, 1) - cost(0, 0)) : (0, 0)
    threshold = missed > 0 && mistaken > 0 ? mistaken / (mistaken + missed) : nil
  }

  /// The costs in a table, by `label · classes + answer`.
  private static func costs(_ file: String, classNames: [String]) throws(Failure) -> [Int: Double] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.bytes(ofFileAt: file, maximumByteCount: 1 << 26)
    } catch {
      throw Failure(error)
    }
    let rows = CSVText.rows(of: (bytes + [UInt8(ascii: "\n")]).filter { $0 != UInt8(ascii: "\r") })
    guard rows.first?.cells == ["true", "predicted", "cost"] else {
      throw Failure(.badData, "\(file), line 1: expected the columns true,predicted,cost.")
    }
    var costs: [Int: Double] = [:]
    for (number, row) in rows.enumerated().dropFirst() where row.cells != [""] {
      func failure(_ problem: String) -> Failure { Failure(.badData, "\(file), line \(number + 1): \(problem)") }
      guard row.cells.count == 3 else { throw failure("expected 3 cells, found \(row.cells.count).") }
      func label(_ name: String) throws(Failure) -> Int {
        if let label = classNames.firstIndex(of: name) { return label }
        let hint = Suggestion.closest(to: name, among: classNames).map { " Did you mean '\($0)'?" } ?? ""
        throw failure("there is no class '\(name)'.\(hint)")
      }
      guard let cost = Double(row.cells[2]), range.contains(cost) else {
        throw failure("the cost must be a number from 0 to 1000000, not '\(row.cells[2])'.")
      }
      costs[try label(row.cells[0]) * classNames.count + (try label(row.cells[1]))] = cost
    }
    return costs
  }
}
