internal import JacquardEngine
internal import Runs
internal import Support
internal import Terminal

/// The mistakes of a checkpoint, worst first.
struct MistakeList {
  /// The evaluation that found them.
  let evaluation: Evaluation
  /// The requested mistakes, by falling loss; with equal losses, the first image comes first.
  let mistakes: [Answer]
  /// The number of images in which such mistakes are possible: those of the requested true class, or all.
  let imageCount: Int

  /// Collects the mistakes.
  ///
  /// - Parameters:
  ///   - label: The true class; nil for any.
  ///   - answer: The predicted class; nil for any.
  init(_ evaluation: Evaluation, label: Int?, answer: Int?) {
    self.evaluation = evaluation
    imageCount = label.map { evaluation.report.perClass[$0].support } ?? evaluation.report.count
    let wrong = evaluation.answers.filter { mistake in
      !mistake.isRight && (label ?? mistake.label) == mistake.label && (answer ?? mistake.answer) == mistake.answer
    }
    // A NaN loss counts as the worst of all. Sorting is stable.
    mistakes = wrong.sorted { a, b in
      a.loss.isNaN != b.loss.isNaN ? a.loss.isNaN : a.loss > b.loss
    }
  }

  /// The columns of a table of mistakes. Losses are cross-entropies; probabilities are from 0 to 1.
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

  /// The end of a path, which distinguishes pictures, shortened to fit into a table.
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
