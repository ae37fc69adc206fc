internal import JacquardEngine
internal import Support

/// The differences when a run is resumed with other settings.
struct SettingsChange {
  private let old: TrainSettings
  private let new: TrainSettings
  private let run: String

  /// Compares settings.
  ///
  /// - Parameter run: The run folder, for messages.
  init(from old: TrainSettings, to new: TrainSettings, run: String) {
    self.old = old
    self.new = new
    self.run = run
  }

  /// Keys that may change freely: they decide where and how long, not what is computed, and how a run handles a fault that would
  /// otherwise end it again in the same step.
  private static let freeKeys: Set = [
    "threads", "max_time", "save_every", "keep_states", "on_nan", "tensorboard",
    // Their hashes, which count, are checked with those of the data.
    "teacher",
  ]
  /// Keys whose values may grow.
  private static let growingKeys: Set = ["epochs", "max_steps"]

  /// Rejects changes that would make it a different run.
  ///
  /// - Throws: a `Failure` of the kind `badConfiguration` that names the first key that differs.
  func check() throws(Failure) {
    for field in SettingField.all where !Self.freeKeys.contains(field.key) {
      let (before, now) = (field.read(old), field.read(new))
      if before == now { continue }
      if Self.growingKeys.contains(field.key) {
        // No limit counts as the highest.
        if (now.integer ?? .max) > (before.integer ?? .max) { continue }
        throw Failure(
          .badConfiguration,
          "\(run): \"\(field.key)\" may grow when a run is resumed, but not shrink; it was \(before.text) and is now \(now.text)."
        )
      }
      throw Failure(
        .badConfiguration,
        "\(run): \"\(field.key)\" was \(before.text) when the run began, and is now \(now.text); restore it, or start a new run."
      )
    }
  }

  /// Whether the end of the run moves, and with it the schedule.
  var movesEnd: Bool { old.epochs != new.epochs || old.maxSteps != new.maxSteps }

  /// A note if the learning rate continues differently than planned; nil if it does not.
  func scheduleNote(step: Int, count: Int) -> String? {
    guard movesEnd else { return nil }
    let (before, after) = (old.trainingConfiguration, new.trainingConfiguration)
    let ends = (before.totalSteps(count: count), after.totalSteps(count: count))
    guard step < ends.1, new.schedule != .constant else { return nil }
    let next = after.learningRate(step: step, count: count)
    let last = step > 0 ? before.learningRate(step: step - 1, count: count) : next
    return "the \(new.schedule.rawValue) schedule now ends with step \(ends.1) instead of \(ends.0): "
      + "the learning rate continues at \(short(next)), after \(short(last))"
  }

  private func short(_ rate: Double) -> String { Float(rate).description }
}
