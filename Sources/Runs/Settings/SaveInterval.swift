package import Support

/// How often a run is saved within epochs.
package enum SaveInterval: Equatable, Sendable {
  /// After this many steps.
  case steps(Int)
  /// After this many seconds.
  case seconds(Double)

  /// Reads a number of steps, such as `100`, or a time with a unit, such as `30s`.
  package init?(_ text: String) {
    if let steps = Int(text) {
      guard steps > 0 else { return nil }
      self = .steps(steps)
    } else {
      guard text.last?.isLetter == true, let seconds = DurationText.seconds(text) else { return nil }
      self = .seconds(seconds)
    }
  }

  /// The interval as in a configuration file.
  package var json: JSONValue {
    switch self {
    case .steps(let steps): .integer(steps)
    case .seconds(let seconds): .string(DurationText.text(seconds))
    }
  }
}
