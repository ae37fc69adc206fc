internal import ArgumentParser
internal import Photographs
internal import Runs

/// Where the data is, and how its pictures are read.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The data: a folder of IDX files, of .npy arrays, or of folders of pictures, one for each class; or an .npz file.",
      discussion: """
        Without it: $JACQUARD_DATA, $XDG_DATA_HOME/jacquard/fashion-mnist, /usr/share/datasets/fashion-mnist.
        """, valueName: "path"), completion: .file())
  var data: String?

  @Option(
    help: ArgumentHelp("Bring pictures to this size, such as 32 or 24x32 (their own, if it is one).", valueName: "HxW"))
  var imageSize: String?

  @Option(
    help: ArgumentHelp("Read pictures as gray, color or auto: gray if all of them are (auto).", valueName: "kind"))
  var imageColors: String?

  @Option(
    help: ArgumentHelp(
      "How pictures fill another size: stretch, crop (their middle) or pad (on the color of their border) (stretch).",
      valueName: "how"), completion: .words(PictureFit.self))
  var fit: String?

  @Option(
    help: ArgumentHelp(
      "Exchange light and dark of pictures: auto (where the border is light), yes or no (no).", valueName: "when"),
    completion: .words(PictureInversion.self))
  var invert: String?

  @Flag(
    inversion: .prefixedNo, help: "Leave pictures out that cannot be read, instead of stopping at the first (no).")
  var skipBroken: Bool?

  /// The flags that belong to a run's settings, by their keys.
  var values: [TrainSettings.FlagValue] {
    let texts = [
      ("image_size", imageSize), ("image_colors", imageColors), ("fit", fit), ("invert", invert),
      ("skip_broken", skipBroken.map(String.init)),
    ]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
