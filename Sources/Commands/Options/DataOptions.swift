internal import ArgumentParser

/// Where the data is.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder with the data set's four IDX files.",
      discussion: """
        Without it: $JACQUARD_DATA, $XDG_DATA_HOME/jacquard/fashion-mnist, /usr/share/datasets/fashion-mnist.
        """, valueName: "folder"))
  var data: String?
}
