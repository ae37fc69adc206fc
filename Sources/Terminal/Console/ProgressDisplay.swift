/// Shows the progress of a training run on standard error.
///
/// As a bar: one line that is rewritten at most ten times a second, and replaced by a plain line when its epoch is over; where the
/// terminal shows Unicode, a second line with small curves of loss and accuracy. Plain: one line per epoch. Errors of standard error are not looked at: nobody reading the log is no reason to stop.
package struct ProgressDisplay {
  private let console: Console
  private let clock: () -> Double
  private var lastDrawn = -Double.infinity
  private var live = LiveView()
  /// The lines that stand on the terminal and will be rewritten.
  private var visibleLines = 0

  /// Seconds between two drawings of the bar.
  private static let interval = 0.1

  /// Makes a display.
  ///
  /// - Parameter clock: A stopwatch in seconds.
  package init(console: Console, clock: @escaping () -> Double) {
    self.console = console
    self.clock = clock
  }

  /// Shows a step: its mean loss, and the share of its images that were classified correctly. `progress` is asked for only when the
  /// bar is drawn.
  package mutating func show(_ progress: @autoclosure () -> StepProgress, loss: Double, accuracy: Double) {
    guard console.progress == .bar else { return }
    live.add(loss: loss, accuracy: accuracy)
    let now = clock()
    guard now - lastDrawn >= Self.interval else { return }
    lastDrawn = now
    let (progress, columns) = (progress(), console.columns)
    let curves = console.isUnicode ? live.lines(progress, columns: columns, style: console.style) : nil
    let lines = curves ?? [ProgressBar.line(progress, columns: columns, style: console.style)]
    if lines.count != visibleLines { clear() }
    // Up to the first of the lines and back to the first column; after each text erase what a longer one left behind.
    let up = String(repeating: "\u{1B}[A", count: max(0, visibleLines - 1))
    console.draw(up + "\r" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n\r"))
    visibleLines = lines.count
  }

  /// Shows the line of a finished epoch, in the place of its bar.
  ///
  /// - Parameter line: The line for a terminal of so many columns.
  package mutating func showLine(_ line: (_ columns: Int) -> String) {
    guard console.progress != .none else { return }
    clear()
    console.say(line(console.columns) + "\n")
  }

  /// Removes the bar, before anything else is written.
  package mutating func clear() {
    guard visibleLines > 0 else { return }
    let up = String(repeating: "\u{1B}[A\r\u{1B}[K", count: visibleLines - 1)
    console.say("\r\u{1B}[K" + up)
    visibleLines = 0
  }
}
