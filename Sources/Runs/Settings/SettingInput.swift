package import Support

/// A setting's raw value: the text of a flag or environment variable, or a value of a configuration file.
package enum SettingInput: Sendable {
  /// The argument of a flag, or the content of a variable.
  case text(String)
  /// The value in a file.
  case json(JSONValue)

  /// The value as a whole number, if it is one.
  package var integer: Int? {
    switch self {
    case .text(let text): Int(text)
    case .json(.integer(let value)): value
    case .json(.number(let value)): Int(exactly: value)
    default: nil
    }
  }

  /// The value as a finite number, if it is one.
  package var number: Double? {
    let value: Double? =
      switch self {
      case .text(let text): Double(text)
      case .json(.integer(let value)): Double(value)
      case .json(.number(let value)): value
      default: nil
      }
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  /// The value as text, if it is text.
  package var string: String? {
    switch self {
    case .text(let text), .json(.string(let text)): text
    default: nil
    }
  }

  /// The text of the value if it is a number, or came as text.
  var numberText: String? {
    switch self {
    case .text(let text): text
    case .json(.integer), .json(.number): description
    default: nil
    }
  }

  /// The value as true or false, if it is one of them.
  package var bool: Bool? {
    switch self {
    case .text("true"), .json(.bool(true)): true
    case .text("false"), .json(.bool(false)): false
    default: nil
    }
  }

  /// Whether the value stands for "not set": a file's null, or the text `none`.
  var isNull: Bool {
    switch self {
    case .json(.null), .text("none"): true
    default: false
    }
  }

  /// The value as messages show it.
  package var description: String {
    switch self {
    case .text(let text): "'\(text)'"
    case .json(let value): value.text
    }
  }
}
