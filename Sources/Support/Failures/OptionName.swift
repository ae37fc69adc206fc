/// The name of something that a user can choose: lower-case words with hyphens between them, such as `batch-size`.
///
/// How it is written is up to the program: as a flag, or as a key.
package struct OptionName: Hashable, Sendable {
  /// The words.
  package let words: String

  /// Names an option.
  package init(_ words: String) { self.words = words }

  /// Names an option as a configuration file does: `batch_size`.
  package init(key: String) { self.init(String(key.map { $0 == "_" ? "-" : $0 })) }
}
