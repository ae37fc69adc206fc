internal import BLAS
internal import Files
package import Support

/// The environment variables of this program: `JACQUARD_` and a setting's key in capitals, and where data is.
package enum SettingVariables {
  package static let prefix = "JACQUARD_"

  /// Where data is, which is no setting.
  package static let data = prefix + "DATA"

  /// Where decoded pictures are kept, which is no setting: the images are the same.
  package static let cache = prefix + "CACHE"

  /// The most that vector kernels may use. No setting: it belongs to the machine, as the processor does.
  package static let vectors = prefix + "VECTORS"

  /// What the scripts, examples and tests that come with this program look at.
  private static let others = Set(
    ["CONFORMANCE", "FUZZ", "LIBRARY", "PEERS", "PEERS_LOG", "READER"].map { prefix + $0 })

  /// The settings that the environment gives, by their keys; an empty variable counts as none.
  package static var values: [TrainSettings.FlagValue] {
    SettingField.all.compactMap { field in Environment.value(field.variable).map { (field.key, $0) } }
  }

  /// The worker threads that the environment gives to verbs that compute; checked by `check`.
  package static var threads: Int? { Environment.value(threadsField.variable).flatMap { Int($0) } }

  /// Refuses unknown variables, unknown vector instructions and a bad count of threads.
  ///
  /// - Throws: a `Failure` of the kind `badConfiguration` that names the variable, and the nearest one that is known.
  package static func check(_ names: [String] = Environment.names(prefix: prefix)) throws(Failure) {
    let known = SettingField.all.map(\.variable) + [data, cache, vectors]
    for name in names where !known.contains(name) && !others.contains(name) {
      // What all have in common would make them all alike.
      let meant = Suggestion.closest(
        to: String(name.dropFirst(prefix.count)), among: known.map { String($0.dropFirst(prefix.count)) })
      let hint = meant.map { "Did you mean '\(prefix)\($0)'?" }
      let advice = hint ?? "'jacquard help train' tells which ones there are; unset it."
      throw Failure(.badConfiguration, "Unknown environment variable '\(name)'. \(advice)")
    }
    if let value = Environment.value(vectors), VectorInstructions(rawValue: value) == nil {
      let words = VectorInstructions.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(
        .badConfiguration, "\(vectors) must be one of \(words), not '\(value)'; correct or unset it.")
    }
    guard let threads = Environment.value(threadsField.variable) else { return }
    var settings = TrainSettings()
    if let problem = threadsField.assign(.text(threads), &settings) {
      throw Failure(.badConfiguration, "\(threadsField.variable) \(problem)")
    }
  }

  private static let threadsField = SettingField.named("threads")
}
