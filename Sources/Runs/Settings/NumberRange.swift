/// The numbers that a setting may be, and how a message says so.
package struct NumberRange: Sendable {
  private let lowerBound: Double
  private let isLowerIncluded: Bool
  private let upperBound: Double
  private let isUpperIncluded: Bool

  /// Numbers above `lowerBound`, up to and with `upperBound`.
  package static func above(_ lowerBound: Double, upTo upperBound: Double) -> NumberRange {
    NumberRange(
      lowerBound: lowerBound, isLowerIncluded: false, upperBound: upperBound, isUpperIncluded: true)
  }

  /// Numbers from `lowerBound` on, up to and with `upperBound`.
  package static func from(_ lowerBound: Double, upTo upperBound: Double) -> NumberRange {
    NumberRange(lowerBound: lowerBound, isLowerIncluded: true, upperBound: upperBound, isUpperIncluded: true)
  }

  /// Numbers from `lowerBound` on, and less than `upperBound`.
  package static func from(_ lowerBound: Double, below upperBound: Double) -> NumberRange {
    NumberRange(
      lowerBound: lowerBound, isLowerIncluded: true, upperBound: upperBound, isUpperIncluded: false)
  }

  /// Whether a number is one of them.
  package func contains(_ number: Double) -> Bool {
    (isLowerIncluded ? number >= lowerBound : number > lowerBound)
      && (isUpperIncluded ? number <= upperBound : number < upperBound)
  }

  /// The range in words, such as `a number above 0 and at most 10`.
  package var text: String {
    let lower = (isLowerIncluded ? "of at least " : "above ") + Self.short(lowerBound)
    let upper = (isUpperIncluded ? "at most " : "below ") + Self.short(upperBound)
    return "a number \(lower) and \(upper)"
  }

  private static func short(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? number.description
  }
}
