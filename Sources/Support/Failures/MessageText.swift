/// A text for people that names what its reader can choose, without saying how that is written.
///
/// In a literal `\(.batchSize)` stands for an option. A `Wording` makes the text of it.
package struct MessageText: ExpressibleByStringInterpolation, Sendable {
  /// A piece of the text.
  package enum Part: Sendable {
    /// Text as it is.
    case text(String)
    /// The name of something that the reader can choose.
    case option(OptionName)
    /// What an error says.
    case error(any Error)
  }

  /// The pieces, in order.
  package private(set) var parts: [Part]

  /// A text as it is.
  package init(_ text: String) { parts = [.text(text)] }

  /// What an error says.
  package init(_ error: any Error) { parts = [.error(error)] }

  package init(stringLiteral value: String) { self.init(value) }

  package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  /// One text behind the other.
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

    /// Adds what a failure says.
    package mutating func appendInterpolation(_ failure: Failure) { parts += failure.message.parts }

    /// Adds any other value.
    package mutating func appendInterpolation<Value>(_ value: Value) { parts.append(.text("\(value)")) }
  }
}
