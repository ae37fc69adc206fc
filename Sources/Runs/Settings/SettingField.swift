internal import JacquardEngine
package import Support

/// One setting: its key, what it may be, and where it is kept.
package struct SettingField: Sendable {
  /// The key in a configuration file. The flag is the same with dashes, the environment variable in capitals: `batch_size`,
  /// `--batch-size` and `JACQUARD_BATCH_SIZE`.
  package let key: String
  /// The words that it may be; empty for a setting that is not one of a few words.
  package let choices: [String]
  /// The value of a configuration.
  package let read: @Sendable (TrainSettings) -> JSONValue
  /// Takes over a value; if it is not allowed, returns what it must be, to follow the setting's name: `must be …, not …`.
  package let assign: @Sendable (SettingInput, inout TrainSettings) -> String?

  /// The option that sets it.
  package var option: OptionName { OptionName(key: key) }

  /// The environment variable that sets it: `JACQUARD_BATCH_SIZE`.
  package var variable: String { SettingVariables.prefix + key.uppercased() }

  /// A place in the settings.
  package typealias Place<Value> = any WritableKeyPath<TrainSettings, Value> & Sendable

  /// A setting of any kind, told how to read its input and how to write its value.
  ///
  /// - Parameters:
  ///   - allowed: What it may be, to follow "must be", such as `a whole number from 1 to 1024`.
  ///   - choices: The words that it may be, where these can be listed; the nearest one is suggested.
  package static func value<Value>(
    _ key: String, _ place: Place<Value>, allowed: String, choices: [String] = [],
    from read: @escaping @Sendable (SettingInput) -> Value?, json: @escaping @Sendable (Value) -> JSONValue
  ) -> SettingField {
    SettingField(key: key, choices: choices) { settings in
      json(settings[keyPath: place])
    } assign: { input, settings in
      guard let value = read(input) else {
        let meant = input.string.flatMap { Suggestion.closest(to: $0, among: choices) }
        let hint = meant.map { " Did you mean '\($0)'?" } ?? ""
        return "must be \(allowed), not \(input.description).\(hint)"
      }
      settings[keyPath: place] = value
      return nil
    }
  }

  /// A setting that may be left unset, which a file writes as null.
  static func optional<Value>(
    _ key: String, _ place: Place<Value?>, allowed: String,
    from input: @escaping @Sendable (SettingInput) -> Value?, json: @escaping @Sendable (Value) -> JSONValue
  ) -> SettingField {
    value(key, place, allowed: allowed) { value in
      // The outer optional says whether the value is allowed, the inner one is the value.
      value.isNull ? .some(nil) : input(value).map(Optional.some)
    } json: { value in
      value.map(json) ?? .null
    }
  }

  /// A whole number in a range.
  package static func integer(_ key: String, _ place: Place<Int>, _ range: ClosedRange<Int>) -> SettingField {
    value(key, place, allowed: text(range)) {
      $0.integer(in: range)
    } json: {
      .integer($0)
    }
  }

  /// A whole number in a range, or nothing.
  package static func integer(_ key: String, _ place: Place<Int?>, _ range: ClosedRange<Int>) -> SettingField {
    optional(key, place, allowed: text(range)) {
      $0.integer(in: range)
    } json: {
      .integer($0)
    }
  }

  /// A number in a range.
  package static func number(_ key: String, _ place: Place<Double>, _ range: NumberRange) -> SettingField {
    value(key, place, allowed: range.text) {
      $0.number(in: range)
    } json: {
      .number($0)
    }
  }

  /// A number in a range, or nothing.
  package static func number(_ key: String, _ place: Place<Double?>, _ range: NumberRange) -> SettingField {
    optional(key, place, allowed: range.text) {
      $0.number(in: range)
    } json: {
      .number($0)
    }
  }

  /// One of a few words.
  package static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ key: String, _ place: Place<Choice>
  ) -> SettingField {
    let words = Choice.allCases.map(\.rawValue)
    let allowed = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    return value(key, place, allowed: allowed, choices: words) {
      $0.string.flatMap(Choice.init(rawValue:))
    } json: {
      .string($0.rawValue)
    }
  }

  /// True or false.
  package static func flag(_ key: String, _ place: Place<Bool>) -> SettingField {
    value(key, place, allowed: "true or false") {
      $0.bool
    } json: {
      .bool($0)
    }
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "a whole number of at least \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }
}

extension SettingInput {
  /// The value as a whole number in a range, if it is one.
  fileprivate func integer(in range: ClosedRange<Int>) -> Int? {
    integer.flatMap { range.contains($0) ? $0 : nil }
  }

  /// The value as a number in a range, if it is one.
  fileprivate func number(in range: NumberRange) -> Double? {
    number.flatMap { range.contains($0) ? $0 : nil }
  }
}
