/// Shows the progress of a training run on standard error.
///
/// As a bar: one line that is rewritten at most ten times a second, and replaced by a plain line at the end of its epoch; if the
/// terminal shows Unicode, a second line has small curves of loss and accuracy. Plain: one line per epoch. Errors on standard error
/// are ignored: an unread log is no reason to stop.
package struct ProgressDisplay {
  private let console: Console
  private let clock: () -> Double
  private var lastDrawn = -Double.infinity
  private var live = LiveView()
  /// The number of lines on the terminal that will be rewritten.
  private var visibleLines = 0

  /// The minimum number of seconds between two updates of the bar.
  private static let interval = 0.1

  /// Makes a display.
  ///
  /// - Parameter clock: A clock in seconds.
  package init(console: Console, clock: @escaping () -> Double) {
    self.console = console
    self.clock = clock
  }

  /// Shows a step: its mean loss, and the fraction of its images that were classified correctly. `progress` is evaluated only when the
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
    // Go to the first line and the first column; after each text, erase the rest of a longer one.
    let up = String(repeating: "\u{1B}[A", count: max(0, visibleLines - 1))
    console.draw(up + "\r" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n\r"))
    visibleLines = lines.count
  }

  /// Replaces the bar by the line of a finished epoch.
  ///
  /// - Parameter line: Makes the line for a terminal's number of columns.
  package mutating func showLine(_ line: (_ columns: Int) -> String) {
    guard console.progress != .none else { return }
    clear()
    console.say(line(console.columns) + "\n")
  }

  /// Removes the bar, before any other output.
  package mutating func clear() {
    guard visibleLines > 0 else { return }
    let up = String(repeating: "\u{1B}[A\r\u{1B}[K", count: visibleLines - 1)
    console.say("\r\u{1B}[K" + up)
    visibleLines = 0
  }
}
