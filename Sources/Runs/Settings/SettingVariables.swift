internal import LinearAlgebra
internal import Files
package import Support

/// The environment variables of this program: `JACQUARD_` and a setting's key in capitals, and the place of the data.
package enum SettingVariables {
  package static let prefix = "JACQUARD_"

  /// The place of the data, which is not a setting.
  package static let data = prefix + "DATA"

  /// The folder of decoded pictures. Not a setting: the images are the same.
  package static let cache = prefix + "CACHE"

  /// The widest instructions for vector kernels. Not a setting: it belongs to the machine, like the processor.
  package static let vectors = prefix + "VECTORS"

  /// Variables that the scripts, examples and tests of this program read.
  private static let others = Set(
    ["CONFORMANCE", "FUZZ", "LIBRARY", "PEERS", "PEERS_LOG", "READER"].map { prefix + $0 })

  /// The settings in the environment, by key; an empty variable counts as unset.
  package static var values: [TrainSettings.FlagValue] {
    SettingField.all.compactMap { field in Environment.value(field.variable).map { (field.key, $0) } }
  }

  /// The worker threads in the environment, for verbs that compute; validated by `check`.
  package static var threads: Int? { Environment.value(threadsField.variable).flatMap { Int($0) } }

  /// Rejects unknown variables, unknown vector instructions and an invalid thread count.
  ///
  /// - Throws: a `Failure` of the kind `badConfiguration` that names the variable, and the nearest known one.
  package static func check(_ names: [String] = Environment.names(prefix: prefix)) throws(Failure) {
    let known = SettingField.all.map(\.variable) + [data, cache, vectors]
    for name in names where !known.contains(name) && !others.contains(name) {
      // The common prefix would make all names look similar.
      let meant = Suggestion.closest(
        to: String(name.dropFirst(prefix.count)), among: known.map { String($0.dropFirst(prefix.count)) })
      let hint = meant.map { "Did you mean '\(prefix)\($0)'?" }
      let advice = hint ?? "'jacquard help train' lists the known variables; unset it."
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
