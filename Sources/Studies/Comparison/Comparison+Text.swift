internal import Datasets
internal import JacquardEngine
internal import Runs
package import Support
internal import Terminal

extension Comparison {
  /// The comparison for programs.
  package func json(picture: String?, csv: String?) -> JSONValue {
    [
      "schema": 1, "split": .string(split.rawValue), "tta": .string(views.description), "count": .integer(source.count),
      "models": .array(contenders.map(json)), "pairs": .array(pairs.map(json)),
      "disagreements": .integer(disagreements.count), "picture": picture.map(JSONValue.string) ?? .null,
      "csv": csv.map(JSONValue.string) ?? .null,
    ]
  }

  private func json(_ contender: Contender) -> JSONValue {
    let interval = contender.report.accuracyInterval
    return [
      "checkpoint": .string(contender.checkpoint), "model": .string(contender.model.name),
      "weights_sha256": .string(contender.weightsSHA256), "accuracy": .rounded(contender.report.accuracy, decimals: 6),
      "accuracy_interval": [.rounded(interval.low, decimals: 6), .rounded(interval.high, decimals: 6)],
      "correct": .integer(contender.report.correct), "loss": .rounded(contender.report.loss, decimals: 6),
      "parameters": .integer(contender.summary.parameterCount), "bytes": .integer(contender.byteCount),
      "multiply_adds": .integer(contender.summary.multiplyAdds),
      "images_per_second": .rounded(contender.imagesPerSecond(views), decimals: 1),
    ]
  }

  private func json(_ pair: Pair) -> JSONValue {
    [
      "first": .string(contenders[pair.first].checkpoint), "second": .string(contenders[pair.second].checkpoint),
      "difference": .rounded(difference(pair), decimals: 6), "both_right": .integer(pair.bothRight),
      "only_first": .integer(pair.test.onlyFirst), "only_second": .integer(pair.test.onlySecond),
      "both_wrong": .integer(pair.bothWrong), "same_answer": .integer(pair.sameAnswer),
      "p_value": .significant(pair.test.pValue), "method": .string(pair.test.method.rawValue),
    ]
  }

  /// The accuracy of the first minus that of the second.
  private func difference(_ pair: Pair) -> Double {
    Double(pair.test.onlyFirst - pair.test.onlySecond) / Double(max(1, source.count))
  }

  /// The comparison for people.
  package func lines(picture: String?, csv: String?) -> [String] {
    var facts: [(name: String, value: String)] = [
      ("images", "\(NumberText.grouped(source.count)), \(split.rawValue)\(views.note)"),
      ("disagreements", NumberText.grouped(disagreements.count)),
    ]
    if let picture { facts.append(("picture", picture)) }
    if let csv { facts.append(("table", csv)) }
    return TextTable.pairs(facts) + [""] + modelTable.lines + [""] + pairTable.lines
  }

  private var modelTable: TextTable {
    var table = TextTable([
      ("", .left), ("checkpoint", .left), ("model", .left), ("accuracy", .right), ("95 % interval", .left),
      ("loss", .right), ("parameters", .right), ("file", .right), ("multiply-adds", .right), ("images/s", .right),
    ])
    for (place, contender) in contenders.enumerated() {
      let interval = contender.report.accuracyInterval
      table.append([
        Self.letter(place), contender.checkpoint, contender.model.name,
        NumberText.fixed(contender.report.accuracy, decimals: 4),
        "\(NumberText.fixed(interval.low, decimals: 4)) to \(NumberText.fixed(interval.high, decimals: 4))",
        NumberText.fixed(contender.report.loss, decimals: 4), NumberText.grouped(contender.summary.parameterCount),
        NumberText.bytes(contender.byteCount), NumberText.grouped(contender.summary.multiplyAdds),
        NumberText.grouped(Int(contender.imagesPerSecond(views).rounded())),
      ])
    }
    return table
  }

  private var pairTable: TextTable {
    var table = TextTable([
      ("pair", .left), ("difference", .right), ("both right", .right), ("only first", .right), ("only second", .right),
      ("both wrong", .right), ("same answer", .right), ("p", .right), ("McNemar's test", .left),
    ])
    for pair in pairs {
      let difference = difference(pair)
      let counts = [pair.bothRight, pair.test.onlyFirst, pair.test.onlySecond, pair.bothWrong, pair.sameAnswer]
      table.append(
        [
          "\(Self.letter(pair.first)) − \(Self.letter(pair.second))",
          (difference > 0 ? "+" : "") + NumberText.fixed(difference, decimals: 4),
        ] + counts.map(NumberText.grouped) + [Self.text(pair.test.pValue), Self.verdict(pair)])
    }
    return table
  }

  private static func text(_ pValue: Double) -> String {
    pValue < 0.0001 ? "< 0.0001" : NumberText.fixed(pValue, decimals: 4)
  }

  private static func verdict(_ pair: Pair) -> String {
    let method = pair.test.method == .exact ? "exact" : "chi-squared"
    guard pair.test.pValue < 0.05 else { return "\(method): no difference shown" }
    return "\(method): \(letter(pair.test.onlyFirst > pair.test.onlySecond ? pair.first : pair.second)) is better"
  }

  /// Every image on which the checkpoints disagree, as CSV: image, true class, then prediction and its probability per checkpoint.
  package var csv: String {
    let heads = contenders.indices.flatMap { ["\(Self.letter($0))_predicted", "\(Self.letter($0))_probability"] }
    let rows = disagreements.map { place in
      let cells = contenders.flatMap { contender in
        let answer = contender.answers[place]
        return [contender.model.classNames[answer.answer], NumberText.fixed(answer.probability, decimals: 6)]
      }
      let label = contenders[0].answers[place].label
      return CSVText.row([String(item(place)), source.set.classNames[label]] + cells)
    }
    return ([CSVText.row(["image", "true"] + heads)] + rows).map { $0 + "\n" }.joined()
  }
}
