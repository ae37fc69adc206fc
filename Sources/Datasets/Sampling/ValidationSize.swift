/// The number of samples to validate on: absolute or as a fraction.
public enum ValidationSize: Hashable, Sendable, CustomStringConvertible {
  /// This many samples.
  case count(Int)

  /// This fraction of the samples, above 0 and below 1; rounded to the nearest whole number of samples.
  case fraction(Double)

  /// Reads "5000" as a number of samples and "0.1" as a fraction.
  ///
  /// - Throws: `SettingError` for anything else.
  public init(parsing text: String) throws(SettingError) {
    if let count = Int(text), count > 0 {
      self = .count(count)
    } else if Int(text) == nil, let fraction = Double(text), fraction > 0, fraction < 1 {
      self = .fraction(fraction)
    } else {
      throw Self.refusal(
        of: text, because: "expected a number of samples of at least 1, or a share above 0 and below 1")
    }
  }

  /// The text of this value; parsing it gives the same value.
  public var description: String {
    switch self {
    case .count(let count): "\(count)"
    case .fraction(let fraction): "\(fraction)"
    }
  }

  /// The number of samples out of `total`.
  ///
  /// - Throws: `SettingError` if that would be none or all of them.
  public func count(of total: Int) throws(SettingError) -> Int {
    let count =
      switch self {
      case .count(let count): count
      case .fraction(let fraction) where fraction > 0 && fraction < 1: Int((fraction * Double(total)).rounded())
      case .fraction: 0
      }
    guard count > 0, count < total else {
      throw Self.refusal(
        of: description,
        because: "expected to keep at least 1 of \(total) samples on each side, found \(count) to validate on")
    }
    return count
  }

  private static func refusal(of part: String, because reason: String) -> SettingError {
    SettingError(setting: "validation", part: part, reason: reason)
  }
}
