/// The name, allowed values and purpose of a setting. Files, flags, variables, schemas and C use this description.
package struct SettingDescription: Sendable {
  /// The key in files, such as `batch_size`.
  package let key: String
  /// The allowed numbers; nil for a setting that is not a number.
  package let range: NumberRange?
  /// The purpose, in one sentence without its period; empty if the names of its values explain it.
  package let sentence: MessageText
  /// The placeholder of its value in help, such as `n`.
  package let valueName: String
  /// The meaning of a missing value, in words; empty if the default value explains itself.
  package let absence: String
  /// Whether help lists the allowed words after the sentence.
  package let listsWords: Bool
  /// Additional sentences for help.
  package let details: String

  /// Describes a setting.
  package init(
    _ key: String, _ range: NumberRange? = nil, _ sentence: MessageText = "", value valueName: String = "x",
    absence: String = "", listsWords: Bool = true, details: String = ""
  ) {
    self.key = key
    self.range = range
    self.sentence = sentence
    self.valueName = valueName
    self.absence = absence
    self.listsWords = listsWords
    self.details = details
  }

  /// Whether it may be a number.
  package func allows(_ number: Double) -> Bool { range?.contains(number) ?? true }

  /// Whether it may be a whole number.
  package func allows(_ number: Int) -> Bool { range?.contains(number) ?? true }

  /// The allowed values, in words that follow "must be": in full for messages, and in brief.
  package var allowed: String { range?.text ?? "a number" }
  package var allowedBriefly: String { range?.briefText ?? "a number" }
}
