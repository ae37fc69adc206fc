internal import Support
package import Terminal

/// Shows on standard error what is being measured: one line that is rewritten, or one line per row.
package struct BenchmarkProgress {
  private let console: Console
  private let total: Int
  private var count = 0
  private var isLineVisible = false

  /// Makes a display for `total` rows.
  package init(console: Console, total: Int) {
    self.console = console
    self.total = total
  }

  /// Shows the next measurement.
  package mutating func begin(_ name: String) {
    count += 1
    let line = "[\(count)/\(total)] \(name)"
    switch console.progress {
    case .bar:
      isLineVisible = true
      console.draw("\r" + VisibleText.of(line).prefix(max(0, console.columns - 1)) + "\u{1B}[K")
    case .plain, .auto: console.note(line)
    case .none: break
    }
  }

  /// Removes the line, if there is one.
  package mutating func end() {
    if isLineVisible { console.say("\r\u{1B}[K") }
    isLineVisible = false
  }
}
