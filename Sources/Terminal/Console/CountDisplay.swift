internal import Support

/// Shows how much of a long preparation is done, as a bar on standard error; in other modes it shows nothing.
package struct CountDisplay {
  private let console: Console
  private let name: String
  private let unit: String
  private let clock: () -> Double
  private var start: Double?
  private var lastDrawn = -Double.infinity
  private var isVisible = false

  /// Seconds between two drawings of the bar.
  private static let interval = 0.1

  /// Makes a display.
  ///
  /// - Parameters:
  ///   - name: What is done, in a word.
  ///   - unit: What is counted.
  ///   - clock: A stopwatch in seconds.
  package init(console: Console, name: String, unit: String, clock: @escaping () -> Double) {
    self.console = console
    self.name = name
    self.unit = unit
    self.clock = clock
  }

  /// Shows how many of all are done.
  package mutating func show(_ count: Int, of total: Int) {
    guard console.progress == .bar else { return }
    let now = clock()
    let start = start ?? now
    self.start = start
    guard now - lastDrawn >= Self.interval else { return }
    lastDrawn = now
    let rate = now > start ? Double(count) / (now - start) : 0
    console.draw(
      "\r"
        + ProgressBar.line(
          name, count, of: total, unit: unit, perSecond: rate, columns: console.columns, style: console.style)
        + "\u{1B}[K")
    isVisible = true
  }

  /// Removes the bar, before anything else is written.
  package mutating func clear() {
    start = nil
    guard isVisible else { return }
    console.say("\r\u{1B}[K")
    isVisible = false
    lastDrawn = -.infinity
  }
}
