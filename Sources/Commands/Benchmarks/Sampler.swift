/// Measures how long something takes: it warms up, then takes several samples.
///
/// A sample is as many repetitions as fill a twentieth of the time, so that the clock's own cost does not show.
package struct Sampler {
  /// How long to measure, in seconds; the warm-up comes before it.
  package var seconds: Double
  /// Samples to take even if the time is over before.
  package var minimumSamples: Int
  private let clock: () -> Double

  /// Makes a sampler.
  ///
  /// - Parameter clock: A stopwatch in seconds.
  package init(seconds: Double, minimumSamples: Int = 5, clock: @escaping () -> Double) {
    self.seconds = seconds
    self.minimumSamples = minimumSamples
    self.clock = clock
  }

  /// A sampler with the system's clock.
  init(seconds: Double, minimumSamples: Int = 5) {
    self.init(seconds: seconds, minimumSamples: minimumSamples) { SystemClock.seconds }
  }

  /// A few samples of something slow, for a baseline that nobody wants to wait for.
  var brief: Sampler { Sampler(seconds: min(1, seconds / 5), minimumSamples: 1, clock: clock) }

  /// Enough samples for a median of something slow, without waiting for more.
  var slow: Sampler { Sampler(seconds: seconds, minimumSamples: 3, clock: clock) }

  /// The seconds per repetition of each sample. `body` must repeat its work as often as it is told.
  package func samples(_ body: (_ repetitions: Int) -> Void) -> [Double] {
    let repetitions = warmUp(body)
    var samples: [Double] = []
    let start = clock()
    var last = start
    repeat {
      body(repetitions)
      let now = clock()
      samples.append((now - last) / Double(repetitions))
      last = now
    } while last - start < seconds || samples.count < minimumSamples
    return samples
  }

  /// Repeats the work for a fifth of the time, at least once; returns the repetitions of a sample.
  private func warmUp(_ body: (Int) -> Void) -> Int {
    let wanted = seconds / 20
    var repetitions = 1
    let start = clock()
    while true {
      let before = clock()
      body(repetitions)
      let now = clock()
      let taken = max(now - before, 1e-9)
      if now - start >= seconds / 5 {
        return max(1, Int((wanted / taken * Double(repetitions)).rounded(.up)))
      }
      // The first repetitions are slow: never grow by more than ten at once.
      if taken < wanted {
        repetitions = min(repetitions * 10, Int((wanted / taken * Double(repetitions)).rounded(.up)))
      }
    }
  }
}
