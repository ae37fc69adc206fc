/// A color by its meaning; a theme says which color that is, so that one drawing serves light and dark.
package enum Ink: Hashable, Sendable {
  /// What everything is drawn on.
  case background
  /// A slightly raised surface, such as the field of a chart.
  case panel
  /// Text and what matters most.
  case text
  /// Text that matters less: ticks, captions.
  case muted
  /// Lines that help the eye and should not be noticed.
  case grid
  /// The lines that bound a chart.
  case axis
  /// One of several things told apart, from 0; after the last color they begin again.
  case series(Int)
  /// An amount, 0 to 1, as a shade.
  case ramp(Double)
  /// Text on `ramp` of the same amount.
  case onRamp(Double)
  /// Something that is right.
  case good
  /// Something that is wrong.
  case bad

  /// `ramp` and `onRamp` come in so many steps from 0 to 1, which no eye tells from a continuum.
  package static let rampSteps = 40

  /// The step of an amount; one that is no number counts as 0.
  static func step(_ amount: Double) -> Int {
    amount.isNaN ? 0 : Int((min(1, max(0, amount)) * Double(rampSteps)).rounded())
  }

  /// The name of the ink in a style sheet; inks that look the same in every theme have the same.
  package var name: String {
    switch self {
    case .background: "background"
    case .panel: "panel"
    case .text: "text"
    case .muted: "muted"
    case .grid: "grid"
    case .axis: "axis"
    case .series(let index): "series-\(index % Theme.seriesCount)"
    case .ramp(let amount): "ramp-\(Self.step(amount))"
    case .onRamp(let amount): "on-ramp-\(Self.step(amount))"
    case .good: "good"
    case .bad: "bad"
    }
  }
}
