package import Support

/// Lookahead (Zhang et al. 2019): slow weights that follow the optimizer's fast ones, with any optimizer.
///
/// Every `steps` steps `slow ← slow + share · (fast − slow)`, and the fast weights continue from the slow ones. The slow weights begin as the first
/// weights of the run. Written as text: `5:0.5`, or `5` for the usual share.
public struct Lookahead: Hashable, Sendable {
  /// The steps between two updates of the slow weights.
  public let steps: Int
  /// How far the slow weights go towards the fast ones, above 0 to 1.
  public let share: Double

  package static let stepRange = NumberRange.whole(1...100_000)
  package static let shareRange = NumberRange.above(0, upTo: 1)

  /// Lookahead; `steps` must be from 1 to 100000, and `share` above 0 to 1.
  public init(steps: Int = 5, share: Double = 0.5) {
    require(
      Self.stepRange.contains(steps) && Self.shareRange.contains(share),
      "Lookahead: steps must be \(Self.stepRange.briefText) and share \(Self.shareRange.briefText), found \(steps) and \(share)"
    )
    self.steps = steps
    self.share = share
  }
}

extension Lookahead: CustomStringConvertible {
  /// Reads `STEPS` or `STEPS:SHARE`; nil for anything else, and for numbers outside their ranges.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let steps = Int(parts[0]), Self.stepRange.contains(steps) else { return nil }
    guard parts.count == 2 else {
      self.init(steps: steps)
      return
    }
    guard let share = Double(parts[1]), Self.shareRange.contains(share) else { return nil }
    self.init(steps: steps, share: share)
  }

  /// The text of this value; reading it gives the same value.
  public var description: String { "\(steps):\(Int(exactly: share).map(String.init) ?? share.description)" }
}
