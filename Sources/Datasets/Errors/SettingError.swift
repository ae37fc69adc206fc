package import Support

/// Why the text of a setting was rejected: the setting, the rejected part of its text, and what is allowed.
public struct SettingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The setting's name, as in a configuration: "augment", "validation".
  public let setting: String

  /// The part of the text that was rejected.
  public let part: String

  /// What is wrong with the part, and what is allowed.
  public let reason: String

  /// The word that was probably meant; nil if no known word is similar.
  public let suggestion: String?

  package init(setting: String, part: String, reason: String, suggestion: String? = nil) {
    self.setting = setting
    self.part = part
    self.reason = reason
    self.suggestion = suggestion
  }

  /// The setting and the part, the reason, and the suggestion.
  package var diagnostic: Diagnostic {
    Diagnostic(
      place: "\(setting): '\(part)'", problem: reason, advice: suggestion.map { "did you mean '\($0)'?" } ?? "")
  }

  /// One line: the setting, the part, the reason, and the suggestion.
  public var description: String { diagnostic.description }
}
