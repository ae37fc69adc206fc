internal import Runs
internal import Studies
internal import Support

/// JSON as the command line reads it: any JSON, configurations of `train`, sweeps, and saved states.
enum SettingsFiles {
  static func readJSON(_ bytes: [UInt8]) {
    guard let value = try? JSONReader.value(of: bytes) else { return }
    for text in [value.text, value.indentedText] {
      guard let again = try? JSONReader.value(of: Array(text.utf8)) else {
        preconditionFailure("written JSON cannot be read")
      }
      precondition(again == value, "JSON changes when it is written and read again")
    }
  }

  static func readConfiguration(_ bytes: [UInt8]) {
    guard let value = try? JSONReader.value(of: bytes),
      let settings = try? TrainSettings.resolve(file: ("fuzz.json", value), flags: [])
    else { return }
    guard let again = try? TrainSettings.resolve(file: ("again.json", settings.json), flags: []) else {
      preconditionFailure("written settings cannot be read")
    }
    precondition(again == settings, "settings change when they are written and read again")
  }

  static func readSweep(_ bytes: [UInt8]) {
    guard let value = try? JSONReader.value(of: bytes), let runs = try? SweepFile(value, path: "fuzz.json").settings()
    else { return }
    precondition(!runs.isEmpty && runs.count <= SweepPlan.limit)
    for (index, run) in runs.prefix(8).enumerated() {
      precondition(!runs[(index + 1)...].contains(run), "a run occurs twice")
    }
  }

  static func readState(_ bytes: [UInt8]) {
    guard let value = try? JSONReader.value(of: bytes) else { return }
    _ = try? RunState(value, path: "fuzz")
  }
}
