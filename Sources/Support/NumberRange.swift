/// The allowed numbers of a setting, as a check, in messages and in schemas.
package struct NumberRange: Hashable, Sendable {
  private let lowerBound: Double
  private let isLowerIncluded: Bool
  private let upperBound: Double
  private let isUpperIncluded: Bool
  /// The allowed whole numbers; nil if fractions are allowed.
  private let whole: ClosedRange<Int>?

  private init(
    from lowerBound: Double, _ isLowerIncluded: Bool, to upperBound: Double, _ isUpperIncluded: Bool,
    whole: ClosedRange<Int>? = nil
  ) {
    (self.lowerBound, self.isLowerIncluded) = (lowerBound, isLowerIncluded)
    (self.upperBound, self.isUpperIncluded) = (upperBound, isUpperIncluded)
    self.whole = whole
  }

  /// Numbers above `lowerBound`, up to and including `upperBound`.
  package static func above(_ lowerBound: Double, upTo upperBound: Double) -> NumberRange {
    NumberRange(from: lowerBound, false, to: upperBound, true)
  }

  /// Numbers from `lowerBound` up to and including `upperBound`.
  package static func from(_ lowerBound: Double, upTo upperBound: Double) -> NumberRange {
    NumberRange(from: lowerBound, true, to: upperBound, true)
  }

  /// Numbers from `lowerBound` up to but excluding `upperBound`.
  package static func from(_ lowerBound: Double, below upperBound: Double) -> NumberRange {
    NumberRange(from: lowerBound, true, to: upperBound, false)
  }

  /// Whole numbers in a range; without an upper bound if that is the largest `Int`.
  package static func whole(_ range: ClosedRange<Int>) -> NumberRange {
    NumberRange(from: Double(range.lowerBound), true, to: Double(range.upperBound), true, whole: range)
  }

  /// Whether a number is allowed, also after conversion to single precision, which most of them are computed in.
  package func contains(_ number: Double) -> Bool {
    if let whole { return Int(exactly: number).map(whole.contains) ?? false }
    return isWithin(number) && isWithin(Double(Float(number)))
  }

  private func isWithin(_ number: Double) -> Bool {
    (isLowerIncluded ? number >= lowerBound : number > lowerBound)
      && (isUpperIncluded ? number <= upperBound : number < upperBound)
  }

  /// Whether a whole number is allowed.
  package func contains(_ number: Int) -> Bool {
    whole?.contains(number) ?? contains(Double(number))
  }

  /// The range in words, such as `a number above 0 and at most 10`.
  package var text: String {
    if let whole {
      return whole.upperBound == .max
        ? "a whole number of at least \(whole.lowerBound)"
        : "a whole number from \(whole.lowerBound) to \(whole.upperBound)"
    }
    let lower = (isLowerIncluded ? "of at least " : "above ") + Self.short(lowerBound)
    let upper = (isUpperIncluded ? "at most " : "below ") + Self.short(upperBound)
    return "a number \(lower) and \(upper)"
  }

  /// The range in brief, such as `above 0 to 10` or `at least 1`.
  package var briefText: String {
    if let whole, whole.upperBound == .max { return "at least \(whole.lowerBound)" }
    return (isLowerIncluded ? "" : "above ") + Self.short(lowerBound)
      + (isUpperIncluded ? " to " : " to below ") + Self.short(upperBound)
  }

  /// The range in JSON Schema, such as `"minimum": 0, "exclusiveMaximum": 1`.
  package var schema: [JSONValue.Member] {
    func json(_ bound: Double) -> JSONValue { Int(exactly: bound).map(JSONValue.integer) ?? .number(bound) }
    var members: [JSONValue.Member] = [
      .init(name: isLowerIncluded ? "minimum" : "exclusiveMinimum", value: json(lowerBound))
    ]
    if whole?.upperBound != .max {
      members.append(.init(name: isUpperIncluded ? "maximum" : "exclusiveMaximum", value: json(upperBound)))
    }
    return members
  }

  private static func short(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? number.description
  }
}
