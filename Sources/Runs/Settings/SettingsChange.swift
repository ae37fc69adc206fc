internal import JacquardEngine
internal import Support

/// What is different when a run goes on with other settings than before.
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

  /// What may change freely: it decides where and how long, not what is computed; and what a run does about a fault that would
  /// otherwise end it in the same step again.
  private static let freeKeys: Set = ["threads", "max_time", "save_every", "keep_states", "on_nan", "tensorboard"]
  /// What may grow.
  private static let growingKeys: Set = ["epochs", "max_steps"]

  /// Refuses what would make it another run.
  ///
  /// - Throws: a `Failure` of the kind `badConfiguration` that names the first key that differs.
  func check() throws(Failure) {
    for field in SettingField.all where !Self.freeKeys.contains(field.key) {
      let (before, now) = (field.read(old), field.read(new))
      if before == now { continue }
      if Self.growingKeys.contains(field.key) {
        // No limit is the highest one.
        if (now.integer ?? .max) > (before.integer ?? .max) { continue }
        throw Failure(
          .badConfiguration,
          "\(run): \"\(field.key)\" may grow when a run is resumed, but not shrink: it was \(before.text), and is now \(now.text)."
        )
      }
      throw Failure(
        .badConfiguration,
        "\(run): \"\(field.key)\" was \(before.text) when the run began, and is now \(now.text); leave it as it was, or train anew."
      )
    }
  }

  /// Whether the end of the run moves, and with it the schedule.
  var movesEnd: Bool { old.epochs != new.epochs || old.maxSteps != new.maxSteps }

  /// What is said about a learning rate that goes on differently than it would have; nil where it does not.
  func scheduleNote(step: Int, count: Int) -> String? {
    guard movesEnd else { return nil }
    let (before, after) = (old.trainingConfiguration, new.trainingConfiguration)
    let ends = (before.totalSteps(count: count), after.totalSteps(count: count))
    guard step < ends.1, new.schedule != .constant else { return nil }
    let next = after.learningRate(step: step, count: count)
    let last = step > 0 ? before.learningRate(step: step - 1, count: count) : next
    return "the \(new.schedule.rawValue) schedule now ends with step \(ends.1) instead of \(ends.0): "
      + "the learning rate goes on at \(short(next)), after \(short(last))"
  }

  private func short(_ rate: Double) -> String { Float(rate).description }
}
