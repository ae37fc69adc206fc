/// The name of an option: lower-case words joined by hyphens, such as `batch-size`.
///
/// The program decides how to write it: as a flag, or as a key.
package struct OptionName: Hashable, Sendable {
  /// The words.
  package let words: String

  /// Names an option.
  package init(_ words: String) { self.words = words }

  /// Names an option by its key in a configuration file: `batch_size`.
  package init(key: String) { self.init(String(key.map { $0 == "_" ? "-" : $0 })) }
}
