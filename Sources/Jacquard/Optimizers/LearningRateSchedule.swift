internal import Randomness
internal import Support

/// How the learning rate changes over a run: a function of the step alone.
///
/// Every schedule may begin with a warm-up that rises linearly from near zero to the schedule's rate.
public struct LearningRateSchedule: Sendable, Hashable {
  /// The shape of the curve.
  public enum Kind: String, CaseIterable, Codable, Sendable {
    /// The peak throughout.
    case constant
    /// A tenth of the rate after each third of the run.
    case step
    /// Half a cosine from the peak to zero (Loshchilov and Hutter 2017).
    case cosine
    /// Up along half a cosine from 1/25 of the peak over the first 30 % of the run, then down to 1/10,000 of where it
    /// began (Smith and Topin 2018).
    case onecycle
  }

  /// The shape of the curve.
  public let kind: Kind
  /// The highest rate.
  public let peak: Double
  /// Steps of the whole run.
  public let totalSteps: Int
  /// Steps of the warm-up, at most the whole run.
  public let warmupSteps: Int
  /// Where an exponential rise to the peak begins, which then stands in the place of the curve; nil for none.
  public let rampStart: Double?

  /// A schedule; the peak must be positive, the steps not negative.
  public init(_ kind: Kind, peak: Double, totalSteps: Int, warmupSteps: Int = 0) {
    require(peak > 0 && peak.isFinite, "LearningRateSchedule: peak must be positive, found \(peak)")
    require(
      totalSteps >= 0 && warmupSteps >= 0,
      "LearningRateSchedule: steps must not be negative, found \(totalSteps) and \(warmupSteps)")
    self.kind = kind
    self.peak = peak
    self.totalSteps = totalSteps
    self.warmupSteps = min(warmupSteps, totalSteps)
    rampStart = nil
  }

  /// Rates that rise by the same factor at every step, from the first step's to the last step's; both must be positive.
  public init(rampFrom start: Double, to end: Double, totalSteps: Int) {
    require(
      start > 0 && end >= start && end.isFinite && totalSteps >= 0,
      "LearningRateSchedule: a ramp must rise from a positive rate, found \(start) to \(end) in \(totalSteps) steps")
    kind = .constant
    peak = end
    self.totalSteps = totalSteps
    warmupSteps = 0
    rampStart = start
  }

  /// The rate of step `step`, from 0.
  public func rate(step: Int) -> Double {
    if let rampStart {
      let share = Double(step) / Double(max(1, totalSteps - 1))
      return rampStart * ElementaryFunctions.exponential(share * ElementaryFunctions.logarithm(peak / rampStart))
    }
    if step < warmupSteps { return rate(afterWarmup: 0) * Double(step + 1) / Double(warmupSteps + 1) }
    return rate(afterWarmup: step - warmupSteps)
  }

  private func rate(afterWarmup step: Int) -> Double {
    let steps = max(1, totalSteps - warmupSteps)
    switch kind {
    case .constant:
      return peak
    case .step:
      return peak * ElementaryFunctions.power(0.1, min(2, 3 * step / steps))
    case .cosine:
      return blend(from: peak, to: 0, Double(step) / Double(steps))
    case .onecycle:
      let rise = max(1, 0.3 * Double(steps) - 1)
      let fall = max(1, Double(steps) - 1 - rise)
      let start = peak / 25
      let position = Double(step)
      return position <= rise
        ? blend(from: start, to: peak, position / rise)
        : blend(from: peak, to: start / 10_000, min(1, (position - rise) / fall))
    }
  }

  /// Half a cosine from one rate to another.
  private func blend(from start: Double, to end: Double, _ share: Double) -> Double {
    end + (start - end) * (1 + ElementaryFunctions.cosine(turns: share / 2)) / 2
  }
}
