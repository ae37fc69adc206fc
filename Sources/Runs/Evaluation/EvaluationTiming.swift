package import Support

/// The duration of each part of an evaluation.
package struct EvaluationTiming: Sendable {
  /// The parts of an evaluation, in order.
  package enum Part: String, CaseIterable, Sendable {
    /// Reading the checkpoint.
    case checkpoint
    /// Reading the images.
    case data
    /// Computing the predictions.
    case prediction
    /// Computing the figures from the predictions.
    case figures

    /// The activity, in words.
    var activity: String {
      switch self {
      case .checkpoint: "reading the checkpoint"
      case .data: "reading the data"
      case .prediction: "computing the predictions"
      case .figures: "computing the figures"
      }
    }
  }

  private var last: Double
  private var parts: [Part: Double] = [:]

  /// Starts the stopwatch.
  init(now: Double) { last = now }

  /// Ends a part and begins the next.
  package mutating func end(_ part: Part, now: Double) {
    parts[part, default: 0] += now - last
    last = now
  }

  /// The seconds of a part.
  package func seconds(of part: Part) -> Double { parts[part] ?? 0 }

  /// The total in seconds.
  package var total: Double { parts.values.reduce(0, +) }

  /// The slowest part; of equal ones the first.
  package var slowest: Part {
    Part.allCases.reduce(.checkpoint) { seconds(of: $1) > seconds(of: $0) ? $1 : $0 }
  }

  /// The times for programs.
  package var json: JSONValue {
    let members = Part.allCases.map { part in
      JSONValue.Member(name: "\(part.rawValue)_seconds", value: .rounded(seconds(of: part), decimals: 3))
    }
    return .object(members + [.init(name: "slowest", value: .string(slowest.rawValue))])
  }

  /// The slowest part for people.
  package var line: String {
    // More digits than elsewhere: all parts together often take less than a second.
    "\(slowest.activity), \(NumberText.fixed(seconds(of: slowest), decimals: 2)) of \(NumberText.fixed(total, decimals: 2)) s"
  }
}
