internal import Datasets
package import Figures
internal import JacquardEngine
internal import Runs
internal import Support

extension Comparison {
  /// The first disagreements as pictures, each with the true class and every model's prediction.
  package func panels(_ count: Int) -> Panels {
    let shown = min(count, disagreements.count)
    let which =
      shown < disagreements.count
      ? "the \(shown) most confident of \(NumberText.grouped(disagreements.count))" : "all \(shown)"
    let names = contenders.enumerated().map { "\(Self.letter($0)) \($1.checkpoint)" }.joined(separator: ", ")
    return Panels(
      disagreements.isEmpty ? "No disagreements" : "Disagreements",
      subtitle: disagreements.isEmpty ? names : "\(names): \(which)",
      charts: [ImageGrid("", tiles: disagreements.prefix(count).map(tile), columns: 6, imageWidth: 112, gap: 16)])
  }

  private func tile(_ place: Int) -> ImageGrid.Tile {
    let set = source.set
    let item = item(place)
    let truth = set.classNames[Int(set.labels[item])]
    var captions = [ImageGrid.Tile.Caption(truth)]
    var tips: [String] = []
    for (index, contender) in contenders.enumerated() {
      let answer = contender.answers[place]
      let name = contender.model.classNames[answer.answer]
      captions.append(
        .init("\(Self.letter(index)) \(answer.isRight ? "✓" : "✗") \(name)", answer.isRight ? .good : .bad))
      tips.append("\(Self.letter(index)) predicts \(name) with \(NumberText.percent(answer.probability))")
    }
    captions.append(.init("no. \(item)", .muted))
    return ImageGrid.Tile(
      Bitmap(set.shape, pixels: set.pixels(at: item)), captions: captions,
      tip: "image \(item): \(truth); " + tips.joined(separator: ", "))
  }
}
