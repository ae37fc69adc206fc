internal import Support

/// The 95 % confidence interval of a share, from how often it was observed: Wilson's score interval.
///
/// With `p = hits / count` and `z = 1.96`: `(p + z²/2n ± z √(p (1 − p) / n + z² / 4n²)) / (1 + z²/n)`. It stays within 0…1 and is not
/// empty at its ends, unlike `p ± z √(p (1 − p) / n)` (Wilson 1927).
public struct ShareInterval: Hashable, Sendable {
  /// The lower bound, 0…1.
  public let low: Double
  /// The upper bound, 0…1.
  public let high: Double

  /// The 97.5th percentile of the standard normal distribution.
  private static let z = 1.959_963_984_540_054

  /// The interval after `hits` of `count` observations; all of 0…1 if there are none.
  public init(hits: Int, count: Int) {
    require(hits >= 0 && hits <= count, "ShareInterval: \(hits) of \(count) is not a share")
    guard count > 0 else {
      (low, high) = (0, 1)
      return
    }
    let (n, z) = (Double(count), Self.z)
    let p = Double(hits) / n
    let center = p + z * z / (2 * n)
    let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    low = hits == 0 ? 0 : (center - half) / scale
    high = hits == count ? 1 : (center + half) / scale
  }
}
