package import Support

/// Sets the smallest weights of a network to zero while it trains, more and more of them, and keeps them there.
///
/// From the share `begin` of the run's steps to the share `end`, the share of zeros rises to `share` along a cubic: `share · (1 − (1 − progress)³)`. So most
/// weights go early, while the others can still make up for them. Each convolution and dense layer loses the same share of its weights, those of the
/// smallest magnitudes: magnitudes of different layers are not comparable, above all with norms between them, and a common threshold may take a whole layer.
/// Biases and norms are never pruned, nor are tensors while they do not train.
///
/// Source: Zhu and Gupta, "To prune, or not to prune: exploring the efficacy of pruning for model compression", 2017 (arXiv 1710.01878).
public struct Pruning: Hashable, Sendable {
  /// The share of the weights of each tensor that is zero at the end, above 0 to 0.99.
  public let share: Double
  /// The share of the run's steps after which the first weights are pruned.
  public let begin: Double
  /// The share of the run's steps after which no more are.
  public let end: Double

  package static let shares = NumberRange.from(0, upTo: 0.99)
  package static let places = NumberRange.from(0, upTo: 1)

  /// Pruning to this share, above 0 to 0.99, in a part of the run from `begin` to `end`, both from 0 to 1.
  public init(share: Double, begin: Double = 0.1, end: Double = 0.75) {
    require(
      share > 0 && Self.shares.contains(share), "Pruning: the share must be above 0 and at most 0.99, found \(share)")
    require(
      Self.places.contains(begin) && Self.places.contains(end) && begin <= end,
      "Pruning: begin and end must be from 0 to 1, begin not after end, found \(begin) and \(end)")
    self.share = share
    self.begin = begin
    self.end = end
  }
}

/// When a run of known length prunes, and how much. A function of the step alone, so that a resumed run continues it.
package struct PruningSchedule: Hashable, Sendable {
  private let pruning: Pruning
  /// The steps, from 1, after which pruning begins and is complete.
  package let first: Int
  package let last: Int
  /// Steps between two updates.
  private let interval: Int

  /// About as many updates as this lead from the first to the last.
  private static let updates = 100

  /// The schedule in a run of `steps` steps.
  package init(_ pruning: Pruning, steps: Int) {
    self.pruning = pruning
    // A run without an end has more steps than a Double can count exactly.
    func step(_ share: Double) -> Int { max(1, Int(exactly: (share * Double(steps)).rounded()) ?? .max) }
    first = step(pruning.begin)
    last = step(pruning.end)
    interval = max(1, (last - first) / Self.updates)
  }

  /// Whether weights are pruned after a step. After the last update, for tensors that have begun to train since.
  package func isDue(after step: Int) -> Bool {
    step >= first && ((step - first).isMultiple(of: interval) || step == last)
  }

  /// The share of zeros after a step.
  package func share(after step: Int) -> Double {
    guard step < last else { return pruning.share }
    guard step > first else { return 0 }
    let rest = 1 - Double(step - first) / Double(last - first)
    return pruning.share * (1 - rest * rest * rest)
  }
}
