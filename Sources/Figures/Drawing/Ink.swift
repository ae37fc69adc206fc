/// A color by its purpose. A theme assigns the color, so that one drawing serves light and dark pages.
package enum Ink: Hashable, Sendable {
  /// The page.
  case background
  /// A slightly raised surface, such as the area of a chart.
  case panel
  /// Text and other important elements.
  case text
  /// Less important text: ticks, captions.
  case muted
  /// Unobtrusive helper lines.
  case grid
  /// The lines that bound a chart.
  case axis
  /// One of several series, from 0; after the last color, they repeat.
  case series(Int)
  /// An amount, 0 to 1, as a shade.
  case ramp(Double)
  /// Text on `ramp` of the same amount.
  case onRamp(Double)
  /// Something that is right.
  case good
  /// Something that is wrong.
  case bad

  /// The steps of `ramp` and `onRamp` from 0 to 1; enough to look continuous.
  package static let rampSteps = 40

  /// The step of an amount; NaN counts as 0.
  static func step(_ amount: Double) -> Int {
    amount.isNaN ? 0 : Int((min(1, max(0, amount)) * Double(rampSteps)).rounded())
  }

  /// The ink's name in a style sheet; inks with the same colors in every theme have the same name.
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
