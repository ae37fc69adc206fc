internal import Support

/// A terminal's view of a running epoch: a bar, and below it the figures with their curves since the start of the run.
package struct LiveView: Sendable {
  private var loss = Sparkline(isLogarithmic: true)
  private var accuracy = Sparkline()

  private static let shortestCurve = 6
  private static let longestCurve = 48

  /// No data yet.
  package init() {}

  /// Adds a step: its mean loss, and the fraction of its images that were classified correctly.
  package mutating func add(loss: Double, accuracy: Double) {
    self.loss.add(loss)
    self.accuracy.add(accuracy)
  }

  /// The two lines; nil if the terminal is too narrow.
  package func lines(_ progress: StepProgress, columns: Int, style: TextStyle) -> [String]? {
    let texts = [
      "loss \(NumberText.fixed(progress.loss, decimals: 4)) ",
      "accuracy \(NumberText.fixed(progress.accuracy, decimals: 4)) ",
    ]
    let room = columns - 1 - texts[0].count - texts[1].count - 2
    let width = min(Self.longestCurve, room / 2)
    guard width >= Self.shortestCurve,
      let bar = ProgressBar.plainLine(progress, columns: columns, style: style)
    else { return nil }
    let curves = [loss, accuracy].map { curve in
      let text = curve.text(width: width)
      return style.curve(text) + String(repeating: " ", count: width - text.count)
    }
    return [bar, texts[0] + curves[0] + "  " + texts[1] + curves[1]]
  }
}
