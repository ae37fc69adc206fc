/// How fast a run trains and when it will be done. Evaluation between epochs does not count.
package struct TrainingSpeed {
  private let totalSteps: Int
  private let firstStep: Int
  private var secondsBefore = 0.0
  private var start: Double
  private var images = 0

  /// Starts the stopwatch of a run, or of a session of one that begins after `firstStep` steps.
  init(totalSteps: Int, firstStep: Int, now: Double) {
    self.totalSteps = totalSteps
    self.firstStep = firstStep
    start = now
  }

  /// Counts the images of a step.
  package mutating func add(images count: Int) { images += count }

  /// Stops the watch until `resume`.
  package mutating func pause(now: Double) { secondsBefore += now - start }

  /// Lets the watch run again.
  package mutating func resume(now: Double) { start = now }

  /// Images per second so far.
  package func imagesPerSecond(now: Double) -> Double {
    Double(images) / max(1e-9, seconds(now: now))
  }

  /// Seconds until the last step, if it goes on like this.
  package func secondsLeft(step: Int, now: Double) -> Double? {
    guard step > firstStep else { return nil }
    return seconds(now: now) / Double(step - firstStep) * Double(max(0, totalSteps - step))
  }

  private func seconds(now: Double) -> Double { secondsBefore + now - start }
}
