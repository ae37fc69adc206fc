/// What a setting is called, what it may be, and what it does: files, flags, variables, schemas and C take it from here.
package struct SettingDescription: Sendable {
  /// The key in files, such as `batch_size`.
  package let key: String
  /// The numbers that it may be; nil for a setting that is no number.
  package let range: NumberRange?
  /// What it does, in one sentence without its end; empty if its words say it.
  package let sentence: MessageText
  /// What its value is called in help, such as `n`.
  package let valueName: String
  /// What holds where it is not set, in words; empty if the value itself says it, or nothing needs to be said.
  package let absence: String
  /// Whether help lists the words that it may be behind the sentence.
  package let listsWords: Bool
  /// More sentences for help.
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

  /// What a number may be, in words that follow "must be": in full for people, and in short.
  package var allowed: String { range?.text ?? "a number" }
  package var allowedBriefly: String { range?.briefText ?? "a number" }
}
