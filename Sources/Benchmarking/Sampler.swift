internal import Files

/// Measures how long something takes: it warms up, then takes several samples.
///
/// A sample is as many repetitions as fill a twentieth of the time, so that the clock's own cost does not show. Things that
/// are compared take turns, so that a machine that becomes slower or faster changes all of them alike.
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
  package init(seconds: Double, minimumSamples: Int = 5) {
    self.init(seconds: seconds, minimumSamples: minimumSamples) { SystemClock.seconds }
  }

  /// A few samples of something slow, for a baseline that nobody wants to wait for.
  var brief: Sampler { Sampler(seconds: min(1, seconds / 5), minimumSamples: 1, clock: clock) }

  /// Enough samples for a median of something slow, without waiting for more.
  package var slow: Sampler { Sampler(seconds: seconds, minimumSamples: 3, clock: clock) }

  /// The seconds per repetition of each sample. `body` must repeat its work as often as it is told.
  package func samples(_ body: (_ repetitions: Int) -> Void) -> [Double] {
    withoutActuallyEscaping(body) { alternating([$0])[0] }
  }

  /// The seconds per repetition of each sample of several things, in their order, equally many of each.
  ///
  /// All are warmed up; then each takes one sample in turn. Samples last alike, so each has had its time when all together
  /// have; what has failed and takes no time anymore keeps nothing else waiting.
  package func alternating(_ bodies: [(_ repetitions: Int) -> Void]) -> [[Double]] {
    let repetitions = bodies.map { warmUp($0) }
    var samples = bodies.map { _ in [Double]() }
    let start = clock()
    var last = start
    while last - start < seconds * Double(bodies.count) || samples.contains(where: { $0.count < minimumSamples }) {
      for (place, body) in bodies.enumerated() {
        body(repetitions[place])
        let now = clock()
        samples[place].append((now - last) / Double(repetitions[place]))
        last = now
      }
    }
    return samples
  }

  /// Repeats the work for a fifth of the time, at least once; returns the repetitions of a sample.
  private func warmUp(_ body: (Int) -> Void) -> Int {
    let wanted = seconds / 20
    var repetitions = 1
    // Seconds per repetition when nothing else ran: a disturbed call would make every sample too short.
    var fastest = Double.infinity
    let start = clock()
    while true {
      let before = clock()
      body(repetitions)
      let now = clock()
      let taken = max(now - before, 1e-9)
      fastest = min(fastest, taken / Double(repetitions))
      // Work that has ended takes no time, however often it is repeated.
      let enough = Int(max(1, min(1e9, (wanted / fastest).rounded())))
      if now - start >= seconds / 5 { return enough }
      // The first repetitions are slow: never grow by more than ten at once.
      if taken < wanted { repetitions = min(repetitions * 10, enough) }
    }
  }
}
