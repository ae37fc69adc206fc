extension LearningRateSchedule where Self == ConstantSchedule {
  /// The same rate throughout.
  public static func constant(_ rate: Double) -> Self { ConstantSchedule(peak: rate) }
}

extension LearningRateSchedule where Self == StepSchedule {
  /// A tenth of the rate after each third of the run.
  public static func step(peak: Double) -> Self { StepSchedule(peak: peak) }
}

extension LearningRateSchedule where Self == CosineSchedule {
  /// Half a cosine from the peak to zero.
  public static func cosine(peak: Double) -> Self { CosineSchedule(peak: peak) }
}

extension LearningRateSchedule where Self == LinearSchedule {
  /// A straight line from the peak to zero.
  public static func linear(peak: Double) -> Self { LinearSchedule(peak: peak) }
}

extension LearningRateSchedule where Self == OneCycleSchedule {
  /// Up over the first 30 % of the run, then down to almost zero.
  public static func onecycle(peak: Double) -> Self { OneCycleSchedule(peak: peak) }
}

extension LearningRateSchedule where Self == RampSchedule {
  /// Rates that rise by the same factor at every step.
  public static func ramp(from start: Double, to end: Double) -> Self { RampSchedule(from: start, to: end) }
}

extension LearningRateSchedule where Self == WarmupSchedule {
  /// A linear rise over `epochs` to the first rate of `schedule`.
  public static func warmup(epochs: Double, then schedule: some LearningRateSchedule) -> Self {
    WarmupSchedule(epochs: epochs, then: schedule)
  }
}

extension TrainingConfiguration {
  /// The schedules that files, the command line and C know by name. Their names, checks and numbers follow from this list. The position of a case in
  /// it is its number in C.
  public enum ScheduleKind: String, CaseIterable, Codable, Sendable {
    /// The peak throughout.
    case constant
    /// A tenth of the rate after each third of the run.
    case step
    /// Half a cosine from the peak to zero.
    case cosine
    /// Up over the first 30 % of the run, then down to almost zero.
    case onecycle
    /// A straight line from the peak to zero.
    case linear
  }

  /// The schedule as a value.
  func makeSchedule() -> any LearningRateSchedule {
    if let rampStart { return RampSchedule(from: rampStart, to: learningRate) }
    let curve: any LearningRateSchedule =
      switch schedule {
      case .constant: ConstantSchedule(peak: learningRate)
      case .step: StepSchedule(peak: learningRate)
      case .cosine: CosineSchedule(peak: learningRate)
      case .onecycle: OneCycleSchedule(peak: learningRate)
      case .linear: LinearSchedule(peak: learningRate)
      }
    return warmupEpochs == 0 ? curve : WarmupSchedule(epochs: warmupEpochs, then: curve)
  }
}
