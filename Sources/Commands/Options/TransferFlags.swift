internal import ArgumentParser
internal import Runs

/// The flags of `train` for continuing a trained network. All are text; `SettingField` parses and checks them.
struct TransferFlags: ParsableArguments {
  @Option(setting: "from", completion: .file()) var from: String?
  @Option(setting: "freeze") var freeze: String?
  @Option(setting: "unfreeze_after") var unfreezeAfter: String?

  /// The flags given, with the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts = [("from", from), ("freeze", freeze), ("unfreeze_after", unfreezeAfter)]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
