internal import ArgumentParser
internal import Runs
internal import Support

extension Option where Value == String? {
  /// The flag of a setting, as described in the table of settings. `SettingField` parses and checks its text.
  init(setting key: String, completion: CompletionKind? = nil) {
    let field = SettingField.named(key)
    let words = field.choices.isEmpty ? nil : CompletionKind.list(field.choices)
    self.init(
      name: .customLong(field.option.words),
      help: ArgumentHelp(
        field.help(CommandLineWording()), discussion: field.about.details, valueName: field.about.valueName),
      completion: completion ?? words)
  }
}

extension Option where Value == [String] {
  /// The flag of a setting that may be given several times.
  init(wrappedValue: [String], setting key: String, completion: CompletionKind? = nil) {
    let field = SettingField.named(key)
    self.init(
      wrappedValue: wrappedValue, name: .customLong(field.option.words), parsing: .singleValue,
      help: ArgumentHelp(
        field.help(CommandLineWording()), discussion: field.about.details, valueName: field.about.valueName),
      completion: completion)
  }
}

extension Flag where Value == Bool? {
  /// The flag of a setting that is on or off, with its opposite.
  init(setting key: String) {
    let field = SettingField.named(key)
    self.init(
      name: .customLong(field.option.words), inversion: .prefixedNo,
      help: ArgumentHelp(field.help(CommandLineWording())))
  }
}
