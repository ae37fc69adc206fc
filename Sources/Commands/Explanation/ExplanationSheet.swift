internal import Figures
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support

/// The figure of explanations: each image beside its maps, several images in a row.
struct ExplanationSheet {
  /// The most images in a figure.
  static let limit = 200
  private let explainer: Explainer
  private let checkpoint: String
  private(set) var rows: [[ImageGrid.Tile]] = []

  init(_ explainer: Explainer, checkpoint: String) {
    self.explainer = explainer
    self.checkpoint = checkpoint
  }

  /// Adds an image with all explanations of it, unless the sheet is full.
  mutating func append(_ image: Bitmap, _ explained: [ExplainedImage]) {
    guard rows.count < Self.limit, let first = explained.first else { return }
    let name =
      first.name.split(separator: ":").last.flatMap { Int($0) }.map { "no. \($0)" } ?? PathText.name(first.name)
    let plain = ImageGrid.Tile(
      image, captions: [.init(first.label ?? name), .init(first.label == nil ? "" : name, .muted)], tip: first.name)
    rows.append([plain] + explained.map { $0.tile(image, explainer) })
  }

  /// The method and its settings, for a subtitle.
  static func description(of explainer: Explainer) -> String {
    switch explainer.method {
    case .gradcam: "Grad-CAM of \(explainer.layer ?? "")"
    case .gradient: "the gradient by the pixels"
    case .occlusion:
      "the fall of the logit under squares of \(explainer.occlusion?.patch ?? 0) pixels, in steps of \(explainer.occlusion?.step ?? 0)"
    }
  }

  /// The figure.
  var panels: Panels {
    let perImage = rows.first?.count ?? 1
    let groups = max(1, 8 / perImage)
    let lines = stride(from: 0, to: rows.count, by: groups).map { first in
      ImageGrid.Row(tiles: Array(rows[first..<min(first + groups, rows.count)].joined()))
    }
    return Panels(
      "What the answers depend on",
      subtitle: "\(checkpoint): \(Self.description(of: explainer)); red speaks for the class, blue against it",
      charts: [ImageGrid("", rows: lines, imageWidth: 96, gap: 14)])
  }
}
