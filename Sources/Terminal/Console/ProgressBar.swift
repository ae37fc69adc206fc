internal import Support

/// The text of the line that shows a running epoch.
package enum ProgressBar {
  /// The line, at most `columns - 1` characters wide: a terminal wraps a line that fills it, and could not rewrite it.
  ///
  /// Parts that do not fit are omitted: first the time left, then the speed, then the bar itself.
  package static func line(_ progress: StepProgress, columns: Int, style: TextStyle) -> String {
    let room = max(0, columns - 1)
    let head = "epoch \(progress.epoch)/\(progress.epochCount)"
    let share = min(1, Double(progress.step) / Double(max(1, progress.stepCount)))
    let percent = NumberText.fixed((share * 100).rounded(.down), decimals: 0)
    var parts = [
      head, "\(String(repeating: " ", count: 3 - min(3, percent.count)))\(percent)%",
      "loss \(NumberText.fixed(progress.loss, decimals: 4))",
      "accuracy \(NumberText.fixed(progress.accuracy, decimals: 4))",
    ]
    let speed = Int(nearest: max(0, progress.imagesPerSecond.isFinite ? progress.imagesPerSecond : 0))
    var optional = ["\(NumberText.grouped(speed)) images/s"]
    if let left = progress.secondsLeft, left.isFinite {
      optional.append("\(NumberText.clock(Int(nearest: max(0, left).rounded(.up)))) left")
    }
    for part in optional {
      guard width(parts) + 2 + part.count <= room else { break }
      parts.append(part)
    }

    let barRoom = room - width(parts) - 2
    if barRoom >= shortestBar {
      let bar = bar(share: share, width: min(longestBar, barRoom), style: style)
      parts.insert(bar, at: 1)
      return parts.joined(separator: "  ")
    }
    return String(parts.joined(separator: "  ").prefix(room))
  }

  /// The line without loss and accuracy, for callers that show these elsewhere; nil if not even a short bar fits.
  static func plainLine(_ progress: StepProgress, columns: Int, style: TextStyle) -> String? {
    let share = min(1, Double(progress.step) / Double(max(1, progress.stepCount)))
    let percent = NumberText.fixed((share * 100).rounded(.down), decimals: 0)
    let speed = Int(nearest: max(0, progress.imagesPerSecond.isFinite ? progress.imagesPerSecond : 0))
    var parts = [
      "epoch \(progress.epoch)/\(progress.epochCount)",
      "\(String(repeating: " ", count: 3 - min(3, percent.count)))\(percent)%", "\(NumberText.grouped(speed)) images/s",
    ]
    if let left = progress.secondsLeft, left.isFinite {
      parts.append("\(NumberText.clock(Int(nearest: max(0, left).rounded(.up)))) left")
    }
    let barRoom = columns - 1 - width(parts) - 2
    guard barRoom >= shortestBar else { return nil }
    parts.insert(bar(share: share, width: min(longestBar, barRoom), style: style), at: 1)
    return parts.joined(separator: "  ")
  }

  /// The line of something that is counted, at most `columns - 1` characters wide.
  static func line(
    _ name: String, _ count: Int, of total: Int, unit: String, perSecond rate: Double, columns: Int, style: TextStyle
  ) -> String {
    let room = max(0, columns - 1)
    let share = min(1, Double(count) / Double(max(1, total)))
    let percent = NumberText.fixed((share * 100).rounded(.down), decimals: 0)
    var parts = [name, "\(String(repeating: " ", count: 3 - min(3, percent.count)))\(percent)%"]
    var optional = ["\(NumberText.grouped(count)) of \(NumberText.grouped(total))"]
    if rate > 0, rate.isFinite {
      optional.append("\(NumberText.grouped(Int(nearest: rate))) \(unit)/s")
      optional.append("\(NumberText.clock(Int(nearest: (Double(total - count) / rate).rounded(.up)))) left")
    }
    for part in optional {
      guard width(parts) + 2 + part.count <= room else { break }
      parts.append(part)
    }
    let barRoom = room - width(parts) - 2
    if barRoom >= shortestBar { parts.insert(bar(share: share, width: min(longestBar, barRoom), style: style), at: 1) }
    return barRoom >= shortestBar
      ? parts.joined(separator: "  ") : String(parts.joined(separator: "  ").prefix(room))
  }

  private static let shortestBar = 8
  private static let longestBar = 32

  private static func width(_ parts: [String]) -> Int {
    parts.reduce(2 * (parts.count - 1)) { $0 + $1.count }
  }

  /// A bar such as `[=====>    ]`, in plain characters, so that it looks the same in every encoding and font.
  private static func bar(share: Double, width: Int, style: TextStyle) -> String {
    let inner = width - 2
    let filled = Int(share * Double(inner))
    let done = String(repeating: "=", count: filled)
    let tip = filled < inner ? ">" : ""
    let rest = String(repeating: " ", count: max(0, inner - filled - tip.count))
    return "[" + style.done(done + tip) + rest + "]"
  }
}
