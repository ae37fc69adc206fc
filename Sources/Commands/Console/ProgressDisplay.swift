/// Shows the progress of a training run on standard error.
///
/// As a bar: one line that is rewritten at most ten times a second, and replaced by a plain line when its epoch is over. Plain: one
/// line per epoch. Errors of standard error are not looked at: nobody reading the log is no reason to stop.
package struct ProgressDisplay {
  private let console: Console
  private let clock: () -> Double
  private var lastDrawn = -Double.infinity
  private var isBarVisible = false

  /// Seconds between two drawings of the bar.
  private static let interval = 0.1

  /// Makes a display.
  ///
  /// - Parameter clock: A stopwatch in seconds.
  package init(console: Console, clock: @escaping () -> Double) {
    self.console = console
    self.clock = clock
  }

  /// Shows a step. `progress` is asked for only when the bar is drawn.
  package mutating func show(_ progress: @autoclosure () -> StepProgress) {
    guard console.progress == .bar else { return }
    let now = clock()
    guard now - lastDrawn >= Self.interval else { return }
    lastDrawn = now
    isBarVisible = true
    // Back to the first column, and after the text erase what a longer line left behind.
    let line = ProgressBar.line(progress(), columns: console.columns, style: console.style)
    console.say("\r" + line + "\u{1B}[K")
  }

  /// Shows a finished epoch, in the place of its bar.
  package mutating func show(_ summary: EpochSummary) {
    guard console.progress != .none else { return }
    clear()
    console.say(summary.line + "\n")
  }

  /// Removes the bar, before anything else is written.
  package mutating func clear() {
    guard isBarVisible else { return }
    isBarVisible = false
    console.say("\r\u{1B}[K")
  }
}
