internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support

/// An explanation with the image that it is about.
struct ExplainedImage {
  /// The image's name.
  let name: String
  /// The name of its class; nil if unknown.
  let label: String?
  /// The explanation.
  let explanation: Explanation

  /// The explanation for programs.
  func json(_ explainer: Explainer) -> JSONValue {
    let names = explainer.network.model.classNames
    let map = explanation.map
    let rows = (0..<map.height).map { row in
      JSONValue.array(map.values[row * map.width..<(row + 1) * map.width].map(JSONValue.short))
    }
    return [
      "schema": 1, "input": .string(name), "true": label.map(JSONValue.string) ?? .null,
      "predicted": .string(names[explanation.answer]), "class": .integer(explanation.classIndex),
      "label": .string(names[explanation.classIndex]),
      "probability": .rounded(explanation.probability, decimals: 6), "method": .string(explainer.method.rawValue),
      "layer": explainer.layer.map(JSONValue.string) ?? .null,
      "patch": explainer.occlusion.map { .integer($0.patch) } ?? .null,
      "step": explainer.occlusion.map { .integer($0.step) } ?? .null,
      "height": .integer(map.height), "width": .integer(map.width), "map": .array(rows),
    ]
  }

  /// The explanation as input, class, label, probability, and row and column of the pixel that speaks for the class most, separated by tabs.
  func line(_ explainer: Explainer) -> String {
    let shape = explainer.network.model.inputShape
    let map = explanation.map.resized(height: shape.height, width: shape.width)
    let place = map.values.indices.reduce(0) { map.values[$1] > map.values[$0] ? $1 : $0 }
    return [
      VisibleText.line(name), String(explanation.classIndex),
      VisibleText.of(explainer.network.model.classNames[explanation.classIndex]),
      NumberText.share(explanation.probability, decimals: 4), String(place / shape.width), String(place % shape.width),
    ].joined(separator: "\t")
  }

  /// The image under its map.
  func tile(_ image: Bitmap, _ explainer: Explainer) -> ImageGrid.Tile {
    let map = explanation.map.resized(height: image.height, width: image.width)
    let name = explainer.network.model.classNames[explanation.classIndex]
    return ImageGrid.Tile(
      image.overlaid(with: map.values, largest: map.largest),
      captions: [
        .init(name, label.map { $0 == name ? .good : .bad } ?? .text),
        .init(NumberText.percent(explanation.probability, decimals: 1), .muted),
      ], tip: "\(self.name): what speaks for \(name)")
  }
}
