internal import Randomness
internal import Support

/// The same rate throughout.
public struct ConstantSchedule: LearningRateSchedule {
  /// The rate.
  public let peak: Double

  /// A constant rate, which must be positive.
  public init(peak: Double) { self.peak = checked(peak, "ConstantSchedule") }

  public func rate(step: Int, of run: RunLength) -> Double { peak }
}

/// A tenth of the rate after each third of the run.
public struct StepSchedule: LearningRateSchedule {
  /// The rate of the first third.
  public let peak: Double

  /// Steps down from `peak`, which must be positive.
  public init(peak: Double) { self.peak = checked(peak, "StepSchedule") }

  public func rate(step: Int, of run: RunLength) -> Double {
    peak * ElementaryFunctions.power(0.1, min(2, 3 * step / max(1, run.steps)))
  }
}

/// Half a cosine from the peak to zero (Loshchilov and Hutter 2017).
public struct CosineSchedule: LearningRateSchedule {
  /// The rate of the first step.
  public let peak: Double

  /// Falls from `peak`, which must be positive.
  public init(peak: Double) { self.peak = checked(peak, "CosineSchedule") }

  public func rate(step: Int, of run: RunLength) -> Double {
    blend(from: peak, to: 0, Double(step) / Double(max(1, run.steps)))
  }
}

/// A straight line from the peak to zero, which the step after the last would reach.
public struct LinearSchedule: LearningRateSchedule {
  /// The rate of the first step.
  public let peak: Double

  /// Falls from `peak`, which must be positive.
  public init(peak: Double) { self.peak = checked(peak, "LinearSchedule") }

  public func rate(step: Int, of run: RunLength) -> Double {
    peak * (1 - Double(step) / Double(max(1, run.steps)))
  }
}

/// Up along half a cosine from 1/25 of the peak over the first 30 % of the run, then down to 1/10,000 of the initial rate (Smith and Topin 2018).
public struct OneCycleSchedule: LearningRateSchedule {
  /// The highest rate.
  public let peak: Double

  /// Rises to `peak`, which must be positive.
  public init(peak: Double) { self.peak = checked(peak, "OneCycleSchedule") }

  public func rate(step: Int, of run: RunLength) -> Double {
    let steps = Double(max(1, run.steps))
    let rise = max(1, 0.3 * steps - 1)
    let fall = max(1, steps - 1 - rise)
    let start = peak / 25
    let position = Double(step)
    return position <= rise
      ? blend(from: start, to: peak, position / rise)
      : blend(from: peak, to: start / 10_000, min(1, (position - rise) / fall))
  }
}

/// Rates that rise by the same factor at every step, for a range test.
public struct RampSchedule: LearningRateSchedule {
  /// The first step's rate.
  public let start: Double
  /// The last step's rate.
  public let end: Double

  /// Rises from `start` to `end`; both must be positive.
  public init(from start: Double, to end: Double) {
    require(
      start > 0 && end >= start && end.isFinite,
      "RampSchedule: a ramp must rise from a positive rate, found \(start) to \(end)")
    (self.start, self.end) = (start, end)
  }

  public func rate(step: Int, of run: RunLength) -> Double {
    let share = Double(step) / Double(max(1, run.steps - 1))
    return start * ElementaryFunctions.exponential(share * ElementaryFunctions.logarithm(end / start))
  }
}

/// A linear rise from near zero to the first rate of another schedule, which covers the remaining steps.
public struct WarmupSchedule: LearningRateSchedule {
  /// Epochs of the rise; fractions count.
  public let epochs: Double
  /// The schedule after the rise.
  public let schedule: any LearningRateSchedule

  /// A rise over `epochs`, at most the whole run, before `schedule`.
  public init(epochs: Double, then schedule: any LearningRateSchedule) {
    require(epochs >= 0 && epochs.isFinite, "WarmupSchedule: epochs must not be negative, found \(epochs)")
    (self.epochs, self.schedule) = (epochs, schedule)
  }

  /// Steps of the rise.
  public func warmupSteps(of run: RunLength) -> Int {
    let steps = (epochs * Double(run.stepsPerEpoch)).rounded()
    return steps < Double(run.steps) ? Int(steps) : run.steps
  }

  public func rate(step: Int, of run: RunLength) -> Double {
    let warmup = warmupSteps(of: run)
    let rest = RunLength(steps: run.steps - warmup, stepsPerEpoch: run.stepsPerEpoch)
    guard step < warmup else { return schedule.rate(step: step - warmup, of: rest) }
    return schedule.rate(step: 0, of: rest) * Double(step + 1) / Double(warmup + 1)
  }
}

private func checked(_ peak: Double, _ schedule: String) -> Double {
  require(peak > 0 && peak.isFinite, "\(schedule): peak must be positive, found \(peak)")
  return peak
}

/// Half a cosine from one rate to another.
private func blend(from start: Double, to end: Double, _ share: Double) -> Double {
  end + (start - end) * (1 + ElementaryFunctions.cosine(turns: share / 2)) / 2
}
