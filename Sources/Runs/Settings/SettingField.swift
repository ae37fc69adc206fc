package import Support

/// One setting: its description, and its place in the settings.
package struct SettingField: Sendable {
  /// Its key, allowed values and purpose. The flag is the key with dashes, the environment variable the key in capitals:
  /// `batch_size`, `--batch-size` and `JACQUARD_BATCH_SIZE`.
  package let about: SettingDescription
  /// The allowed words; empty for a setting without a fixed list.
  package let choices: [String]
  /// The JSON Schema of its value, besides the description.
  private let valueSchema: [JSONValue.Member]
  /// The value of a configuration.
  package let read: @Sendable (TrainSettings) -> JSONValue
  /// Assigns a value; if it is not allowed, returns what it must be, to follow the setting's name: `must be …, not …`.
  package let assign: @Sendable (SettingInput, inout TrainSettings) -> String?

  /// A setting that parses and checks its input itself.
  init(
    _ about: SettingDescription, choices: [String] = [], schema: [JSONValue.Member],
    read: @escaping @Sendable (TrainSettings) -> JSONValue,
    assign: @escaping @Sendable (SettingInput, inout TrainSettings) -> String?
  ) {
    self.about = about
    self.choices = choices
    valueSchema = schema
    self.read = read
    self.assign = assign
  }

  /// The key in a configuration file.
  package var key: String { about.key }

  /// The option that sets it.
  package var option: OptionName { OptionName(key: key) }

  /// The environment variable that sets it: `JACQUARD_BATCH_SIZE`.
  package var variable: String { SettingVariables.prefix + key.uppercased() }

  /// The setting with a key.
  package static func named(_ key: String) -> SettingField {
    guard let field = all.first(where: { $0.key == key }) else {
      failPrecondition("SettingField: no setting has the key \"\(key)\"")
    }
    return field
  }

  /// Its description, in a sentence that ends with the default, such as `Images per step (128).`
  package func help(_ wording: any Wording) -> String {
    let sentence = wording.text(of: about.sentence)
    let words =
      about.listsWords && !choices.isEmpty
      ? choices.dropLast().joined(separator: ", ") + " or " + (choices.last ?? "") : ""
    let text = [sentence, words].filter { !$0.isEmpty }.joined(separator: ": ")
    return text + (defaultText.isEmpty ? "." : " (\(defaultText)).")
  }

  /// The default in words; empty if it goes without saying.
  private var defaultText: String {
    switch read(TrainSettings()) {
    case .bool(let isOn): isOn ? "yes" : "no"
    case .string(let text): text
    case .number(let number): Int(exactly: number).map(String.init) ?? number.description
    case .null: about.absence
    case let other: other.text
    }
  }

  /// The JSON Schema of the setting.
  package func schema(_ wording: any Wording) -> JSONValue {
    let sentence = wording.text(of: about.sentence)
    let description = sentence.isEmpty ? [] : [JSONValue.Member(name: "description", value: .string(sentence + "."))]
    return .object(valueSchema.prefix(1) + description + valueSchema.dropFirst())
  }
}

extension SettingField {
  /// A place in the settings.
  typealias Place<Value> = any WritableKeyPath<TrainSettings, Value> & Sendable

  /// A setting of any kind, with closures that parse its input and write its value.
  ///
  /// - Parameters:
  ///   - allowed: The allowed values, to follow "must be", such as `a whole number from 1 to 1024`.
  ///   - choices: The allowed words, if they can be listed; a message suggests the nearest one.
  ///   - types: The JSON types of its value.
  ///   - schema: Further members of the JSON Schema.
  static func value<Value>(
    _ about: SettingDescription, _ place: Place<Value>, allowed: String, choices: [String] = [],
    types: [String] = ["string"], schema: [JSONValue.Member] = [],
    from read: @escaping @Sendable (SettingInput) -> Value?, json: @escaping @Sendable (Value) -> JSONValue
  ) -> SettingField {
    let type = types.count == 1 ? JSONValue.string(types[0]) : .array(types.map(JSONValue.string))
    return SettingField(about, choices: choices, schema: [.init(name: "type", value: type)] + schema) { settings in
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

  /// A setting that may be unset, which a file writes as null.
  static func optional<Value>(
    _ about: SettingDescription, _ place: Place<Value?>, allowed: String, types: [String] = ["string"],
    schema: [JSONValue.Member] = [], from input: @escaping @Sendable (SettingInput) -> Value?,
    json: @escaping @Sendable (Value) -> JSONValue
  ) -> SettingField {
    value(about, place, allowed: allowed, types: types + ["null"], schema: schema) { value in
      // The outer optional says whether the value is allowed; the inner one is the value.
      value.isNull ? .some(nil) : input(value).map(Optional.some)
    } json: { value in
      value.map(json) ?? .null
    }
  }

  /// A whole number in a range.
  static func integer(_ about: SettingDescription, _ place: Place<Int>) -> SettingField {
    value(about, place, allowed: about.allowed, types: ["integer"], schema: about.bounds) {
      $0.integer(for: about)
    } json: {
      .integer($0)
    }
  }

  /// A whole number in a range, or unset.
  static func integer(_ about: SettingDescription, _ place: Place<Int?>) -> SettingField {
    optional(about, place, allowed: about.allowed, types: ["integer"], schema: about.bounds) {
      $0.integer(for: about)
    } json: {
      .integer($0)
    }
  }

  /// A number in a range.
  static func number(_ about: SettingDescription, _ place: Place<Double>) -> SettingField {
    value(about, place, allowed: about.allowed, types: ["number"], schema: about.bounds) {
      $0.number(for: about)
    } json: {
      .number($0)
    }
  }

  /// A number in a range, or unset: a file may still contain null where null stands for a default.
  static func number(
    _ about: SettingDescription, _ place: Place<Double?>, isWritten: Bool = false
  ) -> SettingField {
    value(
      about, place, allowed: about.allowed, types: isWritten ? ["number"] : ["number", "null"], schema: about.bounds
    ) { value in
      value.isNull ? .some(nil) : value.number(for: about).map(Optional.some)
    } json: { value in
      value.map(JSONValue.number) ?? .null
    }
  }

  /// One of a few words.
  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ about: SettingDescription, _ place: Place<Choice>
  ) -> SettingField {
    let words = Choice.allCases.map(\.rawValue)
    let allowed = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    return value(
      about, place, allowed: allowed, choices: words,
      schema: [.init(name: "enum", value: .array(words.map(JSONValue.string)))]
    ) {
      $0.string.flatMap(Choice.init(rawValue:))
    } json: {
      .string($0.rawValue)
    }
  }

  /// True or false.
  static func flag(_ about: SettingDescription, _ place: Place<Bool>) -> SettingField {
    value(about, place, allowed: "true or false", types: ["boolean"]) {
      $0.bool
    } json: {
      .bool($0)
    }
  }
}

extension SettingDescription {
  /// The bounds of a number, for a schema.
  fileprivate var bounds: [JSONValue.Member] { range?.schema ?? [] }
}

extension SettingInput {
  /// The value as a whole number in a setting's range, if it is one.
  func integer(for setting: SettingDescription) -> Int? {
    integer.flatMap { setting.allows($0) ? $0 : nil }
  }

  /// The value as a number in a setting's range, if it is one.
  fileprivate func number(for setting: SettingDescription) -> Double? {
    number.flatMap { setting.allows($0) ? $0 : nil }
  }
}
