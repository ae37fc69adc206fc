internal import Files

/// Measures the duration of work: warms up, then takes several samples.
///
/// A sample has enough repetitions to fill a twentieth of the time, so that the clock's own cost does not matter. Compared
/// work alternates, so that a change in the machine's speed affects everything equally.
package struct Sampler {
  /// The measuring time in seconds, after the warm-up.
  package var seconds: Double
  /// The minimum number of samples, even if the time is over.
  package var minimumSamples: Int
  private let clock: () -> Double

  /// Makes a sampler.
  ///
  /// - Parameter clock: A clock in seconds.
  package init(seconds: Double, minimumSamples: Int = 5, clock: @escaping () -> Double) {
    self.seconds = seconds
    self.minimumSamples = minimumSamples
    self.clock = clock
  }

  /// A sampler with the system's clock.
  package init(seconds: Double, minimumSamples: Int = 5) {
    self.init(seconds: seconds, minimumSamples: minimumSamples) { SystemClock.seconds }
  }

  /// A few samples of slow work, for a baseline that is not worth the wait.
  var brief: Sampler { Sampler(seconds: min(1, seconds / 5), minimumSamples: 1, clock: clock) }

  /// Enough samples for a median of slow work, and no more.
  package var slow: Sampler { Sampler(seconds: seconds, minimumSamples: 3, clock: clock) }

  /// The seconds per repetition of each sample. `body` must repeat its work the given number of times.
  package func samples(_ body: (_ repetitions: Int) -> Void) -> [Double] {
    withoutActuallyEscaping(body) { alternating([$0])[0] }
  }

  /// The seconds per repetition of each sample of several bodies, in order, with equally many samples each.
  ///
  /// All are warmed up; then each takes one sample in turn. Samples have equal lengths, so each has had its time when all together
  /// have; failed work, which takes no time anymore, does not delay the rest.
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

  /// Repeats the work for a fifth of the time, at least once; returns the number of repetitions in a sample.
  private func warmUp(_ body: (Int) -> Void) -> Int {
    let wanted = seconds / 20
    var repetitions = 1
    // Seconds per undisturbed repetition: a disturbed call would make every sample too short.
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
      // The first repetitions are slow: never grow by more than a factor of ten at once.
      if taken < wanted { repetitions = min(repetitions * 10, enough) }
    }
  }
}
