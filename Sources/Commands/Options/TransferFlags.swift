internal import ArgumentParser
internal import Runs

/// The flags of `train` for continuing a trained network, and for learning from one. All are text; `SettingField` parses and checks them.
struct TransferFlags: ParsableArguments {
  @Option(setting: "from", completion: .file()) var from: String?
  @Option(setting: "freeze") var freeze: String?
  @Option(setting: "unfreeze_after") var unfreezeAfter: String?
  @Option(setting: "teacher", completion: .file()) var teacher: [String] = []
  @Option(setting: "teacher_temperature") var teacherTemperature: String?
  @Option(setting: "teacher_weight") var teacherWeight: String?

  /// The flags given, with the keys of their settings.
  var values: [TrainSettings.FlagValue] {
    let texts = [
      ("from", from), ("freeze", freeze), ("unfreeze_after", unfreezeAfter),
      ("teacher", teacher.isEmpty ? nil : teacher.joined(separator: ",")),
      ("teacher_temperature", teacherTemperature), ("teacher_weight", teacherWeight),
    ]
    return texts.compactMap { key, text in text.map { (key, $0) } }
  }
}
