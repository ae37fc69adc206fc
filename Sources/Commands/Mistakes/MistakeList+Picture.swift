internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support

extension MistakeList {
  /// The first mistakes as pictures, each with the true class, the predicted class and its probability.
  func tiles(_ count: Int) -> [ImageGrid.Tile] {
    let set = evaluation.data.source.set
    return mistakes.prefix(count).map { mistake in
      let item = evaluation.item(of: mistake)
      let path = evaluation.path(of: mistake)
      let name = path.map(PathText.name) ?? "no. \(item)"
      let names = [mistake.label, mistake.answer].map { evaluation.classNames[$0] }
      // Rounding must not make a wrong answer look certain.
      let probability = NumberText.percent(mistake.probability, decimals: mistake.probability < 0.99 ? 0 : 1)
      return ImageGrid.Tile(
        Bitmap(set.shape, pixels: set.pixels(at: item)),
        captions: [
          .init(names[0]), .init("✗ \(names[1])", .bad), .init(probability, .muted), .init(name, .muted),
        ],
        tip: "\(path ?? "image \(item)"): \(names[0]), predicted \(names[1]) with \(probability), loss "
          + NumberText.fixed(mistake.loss, decimals: 3))
    }
  }

  /// The figure of the first mistakes.
  func panels(_ count: Int) -> Panels {
    let shown = min(count, mistakes.count)
    let which = shown < mistakes.count ? "the \(shown) worst of \(NumberText.grouped(mistakes.count))" : "all \(shown)"
    return Panels(
      mistakes.isEmpty ? "No mistakes" : "Mistakes",
      subtitle: mistakes.isEmpty ? evaluation.title : "\(evaluation.title): \(which), by loss",
      charts: [ImageGrid("", tiles: tiles(count), columns: 8, imageWidth: 84, gap: 14)])
  }
}
