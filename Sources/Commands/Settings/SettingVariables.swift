internal import BLAS
internal import Files
internal import Support

/// The environment variables of this program: `JACQUARD_` and a setting's key in capitals, and where data is.
enum SettingVariables {
  static let prefix = "JACQUARD_"

  /// Where data is, which is no setting.
  static let data = prefix + "DATA"

  /// The most that vector kernels may use. No setting: it belongs to the machine, as the processor does.
  static let vectors = prefix + "VECTORS"

  /// What the scripts, examples and tests that come with this program look at.
  private static let others = Set(
    ["CONFORMANCE", "FUZZ", "LIBRARY", "PEERS", "PEERS_LOG", "READER"].map { prefix + $0 })

  /// The settings that the environment gives, by their keys; an empty variable counts as none.
  static var values: [TrainSettings.FlagValue] {
    SettingField.all.compactMap { field in Environment.value(field.variable).map { (field.key, $0) } }
  }

  /// The worker threads that the environment gives to verbs that compute; checked by `check`.
  static var threads: Int? { Environment.value(threadsField.variable).flatMap { Int($0) } }

  /// Refuses unknown variables, unknown vector instructions and a bad count of threads.
  ///
  /// - Throws: a `CommandFailure` with exit code 78 that names the variable, and the nearest one that is known.
  static func check(_ names: [String] = Environment.names(prefix: prefix)) throws(CommandFailure) {
    let known = SettingField.all.map(\.variable) + [data, vectors]
    for name in names where !known.contains(name) && !others.contains(name) {
      // What all have in common would make them all alike.
      let meant = Suggestion.closest(
        to: String(name.dropFirst(prefix.count)), among: known.map { String($0.dropFirst(prefix.count)) })
      let hint = meant.map { "Did you mean '\(prefix)\($0)'?" }
      let advice = hint ?? "'jacquard help train' tells which ones there are; unset it."
      throw CommandFailure(.badConfiguration, "Unknown environment variable '\(name)'. \(advice)")
    }
    if let value = Environment.value(vectors), VectorInstructions(rawValue: value) == nil {
      let words = VectorInstructions.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandFailure(
        .badConfiguration, "\(vectors) must be one of \(words), not '\(value)'; correct or unset it.")
    }
    guard let threads = Environment.value(threadsField.variable) else { return }
    var settings = TrainSettings()
    if let problem = threadsField.assign(.text(threads), &settings) {
      throw CommandFailure(.badConfiguration, "\(threadsField.variable) \(problem)")
    }
  }

  private static let threadsField = SettingField.integer("threads", \.threads, 1...256)
}
