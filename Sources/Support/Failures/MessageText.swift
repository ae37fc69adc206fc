/// A message that names options without deciding how they are written.
///
/// In a literal, `\(.batchSize)` stands for an option. A `Wording` turns it into text.
package struct MessageText: ExpressibleByStringInterpolation, Sendable {
  /// A piece of the text.
  package enum Part: Sendable {
    /// Literal text.
    case text(String)
    /// The name of an option.
    case option(OptionName)
    /// The message of an error.
    case error(any Error)
  }

  /// The pieces, in order.
  package private(set) var parts: [Part]

  /// Literal text.
  package init(_ text: String) { parts = [.text(text)] }

  /// The message of an error.
  package init(_ error: any Error) { parts = [.error(error)] }

  package init(stringLiteral value: String) { self.init(value) }

  package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  /// Joins two texts.
  package static func + (one: MessageText, other: MessageText) -> MessageText {
    var sum = one
    sum.parts += other.parts
    return sum
  }

  /// The pieces of a literal.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }

    /// Adds the name of an option.
    package mutating func appendInterpolation(_ option: OptionName) { parts.append(.option(option)) }

    /// Adds a text.
    package mutating func appendInterpolation(_ text: MessageText) { parts += text.parts }

    /// Adds the message of a failure.
    package mutating func appendInterpolation(_ failure: Failure) { parts += failure.message.parts }

    /// Adds any other value.
    package mutating func appendInterpolation<Value>(_ value: Value) { parts.append(.text("\(value)")) }
  }
}
