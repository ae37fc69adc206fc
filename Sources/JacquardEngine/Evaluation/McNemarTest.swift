internal import Support
internal import Glibc

/// McNemar's test: whether two classifiers differ on the same images, judged by the images that only one of them got right.
///
/// If the two were equally good, each such image would be equally likely to belong to either. The p-value is the probability of a split at least as
/// uneven as the observed one. Below 25 images it is exact and two-sided, from the binomial distribution; otherwise it comes from `χ² = (|b − c| −
/// 1)² / (b + c)` with one degree of freedom and Edwards' continuity correction (McNemar 1947, Edwards 1948).
public struct McNemarTest: Hashable, Sendable {
  /// How the p-value is computed.
  public enum Method: String, Hashable, Sendable {
    /// The binomial distribution.
    case exact
    /// The chi-squared distribution, with continuity correction.
    case chiSquared = "chi_squared"
  }

  /// Images that only the first got right.
  public let onlyFirst: Int
  /// Images that only the second got right.
  public let onlySecond: Int
  /// How the p-value is computed.
  public let method: Method
  /// The probability of a split at least this uneven between equally good classifiers, 0…1; 1 if there are no such images.
  public let pValue: Double

  /// The number of images from which chi-squared is accurate enough.
  private static let exactBelow = 25

  /// Tests two classifiers by the images that only one of them got right.
  public init(onlyFirst: Int, onlySecond: Int) {
    require(
      onlyFirst >= 0 && onlySecond >= 0,
      "McNemarTest: counts must not be negative, found \(onlyFirst) and \(onlySecond)")
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
    let count = onlyFirst + onlySecond
    if count < Self.exactBelow {
      method = .exact
      pValue = Self.binomial(min(onlyFirst, onlySecond), of: count)
    } else {
      method = .chiSquared
      let excess = Double(max(0, abs(onlyFirst - onlySecond) - 1))
      // With one degree of freedom χ² is the square of a standard normal number.
      pValue = erfc((excess * excess / Double(count) / 2).squareRoot())
    }
  }

  /// Twice the probability of at most `few` heads in `count` tosses of a fair coin, at most 1.
  private static func binomial(_ few: Int, of count: Int) -> Double {
    var term = 1.0
    var sum = 1.0
    for k in 0..<few {
      term *= Double(count - k) / Double(k + 1)
      sum += term
    }
    return min(1, 2 * sum * pow(0.5, Double(count)))
  }
}
