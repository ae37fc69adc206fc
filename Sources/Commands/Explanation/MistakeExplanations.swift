internal import Datasets
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support

/// Explains mistakes of an evaluation.
struct MistakeExplanations {
  private let evaluation: Evaluation
  private let explainer: Explainer

  init(_ evaluation: Evaluation, _ explainer: Explainer) {
    self.evaluation = evaluation
    self.explainer = explainer
  }

  /// Each mistake with its explanations: for the predicted and for the true class, or for one class if it is named.
  func explained(_ mistakes: [Answer], class choice: Int?) throws -> [(Answer, [ExplainedImage])] {
    guard !mistakes.isEmpty else { return [] }
    let all = evaluation.data.source
    let source = try SampleSource(
      all.set, indices: mistakes.map { Int32(evaluation.item(of: $0)) }, normalization: all.normalization, seed: 0)
    let classes: [[Int?]] =
      choice.map { [[Int?](repeating: $0, count: mistakes.count)] } ?? [mistakes.map(\.answer), mistakes.map(\.label)]
    let maps = try classes.map { try explainer.explanations(of: source, classes: $0) }
    return mistakes.enumerated().map { place, mistake in
      let explained = maps.map {
        ExplainedImage(
          name: evaluation.name(of: mistake), label: evaluation.classNames[mistake.label], explanation: $0[place])
      }
      return (mistake, explained)
    }
  }
}
