internal import ArgumentParser

/// Where the data is, and how its pictures are read.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The data: a folder of IDX files, of .npy arrays, or of folders of PNG and JPEG pictures, one for each class; or an .npz file.",
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

  /// The flags that belong to a run's settings, by their keys.
  var values: [TrainSettings.FlagValue] {
    let texts = [("image_size", imageSize), ("image_colors", imageColors)]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
