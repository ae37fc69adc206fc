internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// The mistakes of a checkpoint, the worst first.
struct MistakeList {
  /// The evaluation that they were made in.
  let evaluation: Evaluation
  /// The mistakes that were asked for, by falling loss; of equal ones the first image.
  let mistakes: [Answer]
  /// The images in which such mistakes can be: those of the true class that was asked for, or all.
  let imageCount: Int

  /// Collects the mistakes.
  ///
  /// - Parameters:
  ///   - label: The true class; nil for any.
  ///   - answer: The answer; nil for any.
  init(_ evaluation: Evaluation, label: Int?, answer: Int?) {
    self.evaluation = evaluation
    imageCount = label.map { evaluation.report.perClass[$0].support } ?? evaluation.report.count
    let wrong = evaluation.answers.filter { mistake in
      !mistake.isRight && (label ?? mistake.label) == mistake.label && (answer ?? mistake.answer) == mistake.answer
    }
    // A loss that is no number is the worst of all. Sorting is stable.
    mistakes = wrong.sorted { a, b in
      a.loss.isNaN != b.loss.isNaN ? a.loss.isNaN : a.loss > b.loss
    }
  }

  /// The columns of a table of mistakes. Losses are cross-entropies, probabilities shares of one.
  static let csvHeader = "image,true,predicted,probability,true_probability,loss"

  /// All mistakes as CSV (RFC 4180, with plain line feeds).
  var csv: String {
    let rows = mistakes.map { mistake in
      let names = [mistake.label, mistake.answer].map { evaluation.classNames[$0] }
      let numbers = [mistake.probability, mistake.labelProbability, mistake.loss].map {
        NumberText.fixed($0, decimals: 6)
      }
      return CSVText.row([evaluation.name(of: mistake)] + names + numbers)
    }
    return ([Self.csvHeader] + rows).map { $0 + "\n" }.joined()
  }

  /// Whether every image is a file.
  private var isOfPictures: Bool { mistakes.first.map { evaluation.path(of: $0) != nil } ?? false }

  /// The end of a path, which tells pictures apart, as far as it fits into a table.
  private static func end(of path: String) -> String {
    let most = 32
    return path.count > most ? "…" + path.suffix(most - 1) : path
  }

  /// A mistake for programs.
  func json(_ mistake: Answer) -> JSONValue {
    [
      "image": .integer(evaluation.item(of: mistake)),
      "path": evaluation.path(of: mistake).map(JSONValue.string) ?? .null,
      "true": .string(evaluation.classNames[mistake.label]),
      "predicted": .string(evaluation.classNames[mistake.answer]),
      "probability": .rounded(mistake.probability, decimals: 6),
      "true_probability": .rounded(mistake.labelProbability, decimals: 6),
      "loss": .rounded(mistake.loss, decimals: 6),
    ]
  }

  /// The first mistakes as a table for people.
  func lines(_ count: Int) -> [String] {
    var table = TextTable([
      ("image", isOfPictures ? .left : .right), ("true", .left), ("predicted", .left), ("probability", .right),
      ("true class's", .right),
      ("loss", .right),
    ])
    for mistake in mistakes.prefix(count) {
      table.append([
        isOfPictures ? Self.end(of: evaluation.name(of: mistake)) : evaluation.name(of: mistake),
        evaluation.classNames[mistake.label],
        evaluation.classNames[mistake.answer], NumberText.share(mistake.probability, decimals: 4),
        NumberText.fixed(mistake.labelProbability, decimals: 4), NumberText.fixed(mistake.loss, decimals: 4),
      ])
    }
    return table.lines
  }
}
