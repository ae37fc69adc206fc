internal import ArgumentParser
internal import JacquardEngine

/// The views of each image whose logits are averaged.
struct ViewOptions: ParsableArguments {
  @Option(
    name: [.customLong("views"), .customLong("tta")],
    help: ArgumentHelp(
      "Average the logits over views of each image: flip (and its mirror image), shift=N (and moved by N pixels, down right and up left), or both, as in flip,shift=1 (none).",
      valueName: "list"),
    completion: .list(["none", "flip", "shift=1", "flip,shift=1"]), transform: Self.views)
  var views = TestTimeViews.none

  private static func views(_ text: String) throws -> TestTimeViews {
    guard let views = TestTimeViews(text) else {
      throw ValidationError("must be none, flip, shift=N with N from 1 on, or flip,shift=N, not '\(text)'.")
    }
    return views
  }
}
