internal import Glibc

/// A learning-rate range test: the losses at rates that rise from step to step, and the rate that they suggest (Smith 2017).
///
/// Losses of single batches are noisy. Their running mean decides whether they have diverged. The curve that rates are chosen from is smoothed on
/// both sides, by a straight line through the neighbors of each point.
public struct RateRangeTest: Sendable {
  /// One step.
  public struct Point: Hashable, Sendable {
    /// The rate that the step used.
    public let rate: Double
    /// The batch's mean loss before the step.
    public let loss: Double
  }

  /// The conclusions from the losses.
  public struct Finding: Hashable, Sendable {
    /// The smoothed loss at each point.
    public let smoothed: [Double]
    /// The rate at which the loss falls by the largest share of itself, over the logarithm of the rate; nil if it hardly falls at all.
    public let suggestion: Double?
    /// The rate at which the smoothed loss is lowest.
    public let lowest: Double
  }

  /// The steps, in their order.
  public private(set) var points: [Point] = []
  /// Whether the losses have risen to several times their best value.
  public private(set) var isDiverged = false

  private var mean = 0.0
  private var best = Double.infinity

  /// The share of the running mean that each step keeps.
  private static let memory = 0.9
  /// The number of steps before divergence is judged.
  private static let leastCount = 10
  /// The multiple of the best running mean that counts as diverged.
  private static let limit = 4.0
  /// The share of the first loss by which the smoothed loss must fall before a rate is suggested.
  private static let leastFall = 0.02

  /// A test before its first step.
  public init() {}

  /// Records a step; returns false if continuing is pointless.
  public mutating func add(rate: Double, loss: Double) -> Bool {
    points.append(Point(rate: rate, loss: loss))
    mean = Self.memory * mean + (1 - Self.memory) * loss
    let unbiased = mean / (1 - pow(Self.memory, Double(points.count)))
    best = min(best, unbiased)
    isDiverged = points.count > Self.leastCount && unbiased > Self.limit * best
    return !isDiverged
  }

  /// The conclusions from the steps so far; nil for fewer than three.
  public var finding: Finding? {
    guard points.count >= 3 else { return nil }
    let reach = max(3, points.count / 20)
    let lines = points.indices.map { line(around: $0, reach: reach) }
    let smoothed = lines.map(\.value)
    let lowest = smoothed.indices.reduce(0) { smoothed[$1] < smoothed[$0] ? $1 : $0 }
    let falls = smoothed[0] - smoothed[lowest] >= Self.leastFall * smoothed[0].magnitude
    // After the lowest point the loss rises; a fall there only recovers from a rise that the test caused. Use shares, because the first fall from a
    // bad start is long but not steep, and says little about training.
    let shares = lines[...lowest].map { $0.value > 0 ? $0.slope / $0.value : 0 }
    let steepest = shares.indices.reduce(0) { shares[$1] < shares[$0] ? $1 : $0 }
    return Finding(
      smoothed: smoothed, suggestion: falls ? points[steepest].rate : nil, lowest: points[lowest].rate)
  }

  /// Fits a straight line to the losses around a point, over the logarithm of the rate: its value at the point, and its slope.
  private func line(around index: Int, reach: Int) -> (value: Double, slope: Double) {
    let part = points[max(0, index - reach)...min(points.count - 1, index + reach)]
    let center = log(points[index].rate)
    let places = part.map { log($0.rate) - center }
    let count = Double(part.count)
    let (meanPlace, meanLoss) = (places.reduce(0, +) / count, part.reduce(0) { $0 + $1.loss } / count)
    var (spread, joint) = (0.0, 0.0)
    for (place, point) in zip(places, part) {
      spread += (place - meanPlace) * (place - meanPlace)
      joint += (place - meanPlace) * (point.loss - meanLoss)
    }
    let slope = spread > 0 ? joint / spread : 0
    return (meanLoss - slope * meanPlace, slope)
  }
}
