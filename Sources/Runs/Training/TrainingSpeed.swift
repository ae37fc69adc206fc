/// A run's training speed and time left. Evaluation between epochs does not count.
package struct TrainingSpeed {
  private let totalSteps: Int
  private let firstStep: Int
  private var secondsBefore = 0.0
  private var start: Double
  private var images = 0

  /// Starts the clock for a run, or for a session that begins after `firstStep` steps.
  init(totalSteps: Int, firstStep: Int, now: Double) {
    self.totalSteps = totalSteps
    self.firstStep = firstStep
    start = now
  }

  /// Counts the images of a step.
  package mutating func add(images count: Int) { images += count }

  /// Pauses the clock until `resume`.
  package mutating func pause(now: Double) { secondsBefore += now - start }

  /// Resumes the clock.
  package mutating func resume(now: Double) { start = now }

  /// Images per second so far.
  package func imagesPerSecond(now: Double) -> Double {
    Double(images) / max(1e-9, seconds(now: now))
  }

  /// Seconds until the last step, at the current speed.
  package func secondsLeft(step: Int, now: Double) -> Double? {
    guard step > firstStep else { return nil }
    return seconds(now: now) / Double(step - firstStep) * Double(max(0, totalSteps - step))
  }

  private func seconds(now: Double) -> Double { secondsBefore + now - start }
}
