internal import ArgumentParser
internal import Photographs
internal import Runs

/// Where the data is, and how its pictures are read.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The data: a folder of IDX files, of .npy arrays, or of picture folders, one per class; or an .npz file.",
      discussion: """
        Default: $JACQUARD_DATA, $XDG_DATA_HOME/jacquard/fashion-mnist, /usr/share/datasets/fashion-mnist.
        """, valueName: "path"), completion: .file())
  var data: String?

  @Option(setting: "image_size") var imageSize: String?
  @Option(setting: "image_colors") var imageColors: String?
  @Option(setting: "fit") var fit: String?
  @Option(setting: "invert") var invert: String?
  @Flag(setting: "skip_broken") var skipBroken: Bool?

  /// The flags that belong to a run's settings, with their keys.
  var values: [TrainSettings.FlagValue] {
    let texts = [
      ("image_size", imageSize), ("image_colors", imageColors), ("fit", fit), ("invert", invert),
      ("skip_broken", skipBroken.map(String.init)),
    ]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
