extension JSONValue {
  /// The value if it is a text.
  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The value if it is a whole number.
  package var integer: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The value if it is a number, whole or not, or a text that `exact` wrote.
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .string("nan"): .nan
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    default: nil
    }
  }

  /// The values if it is an array.
  package var array: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  /// The same value with the members of all objects sorted by name.
  package var sorted: JSONValue {
    switch self {
    case .array(let values): .array(values.map(\.sorted))
    case .object(let members):
      .object(members.map { Member(name: $0.name, value: $0.value.sorted) }.sorted { $0.name < $1.name })
    default: self
    }
  }

  /// A number that reads back exactly, including infinity and NaN, which JSON itself cannot express.
  package static func exact(_ value: Double) -> JSONValue {
    value.isFinite ? .number(value) : .string(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
  }
}
