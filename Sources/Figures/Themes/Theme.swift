/// The colors of the inks.
///
/// People with any of the three kinds of color blindness can distinguish the colors of the first six series. Dashes and
/// markers distinguish all series, even in black and white.
package struct Theme: Hashable, Sendable {
  /// The number of series colors.
  package static let seriesCount = 10

  /// The theme's name.
  package let name: String
  private let background: Color
  private let panel: Color
  private let text: Color
  private let muted: Color
  private let grid: Color
  private let axis: Color
  private let good: Color
  private let bad: Color
  private let series: [Color]
  private let ramp: [Color]

  /// Dark on white, for paper and bright surroundings.
  package static let light = Theme(
    name: "light", background: Color(0xFFFFFF), panel: Color(0xF5F7FA), text: Color(0x1B2127), muted: Color(0x586470),
    grid: Color(0xDDE3E9), axis: Color(0x9AA5B0), good: Color(0x1F7A5C), bad: Color(0xB3341F),
    series: [
      Color(0x0B62A8), Color(0xD95F02), Color(0x4B1F6F), Color(0x2E9F7B), Color(0xC65D9E), Color(0x554F00),
      Color(0x22272E), Color(0x4796D8), Color(0x9C2B25), Color(0x5F6B76),
    ],
    ramp: [Color(0xF4F7FB), Color(0xBDD5EC), Color(0x629FD3), Color(0x20639F), Color(0x0A2C54)])

  /// Light on a dark screen.
  package static let dark = Theme(
    name: "dark", background: Color(0x12161C), panel: Color(0x191F27), text: Color(0xE6EBF0), muted: Color(0x9BA7B3),
    grid: Color(0x2A323C), axis: Color(0x5E6A76), good: Color(0x4CC79B), bad: Color(0xF0846C),
    series: [
      Color(0x4C9FEA), Color(0xF58A3C), Color(0xE4D8FF), Color(0x2DB88D), Color(0xD674AE), Color(0xF0DD6B),
      Color(0x9A8CF2), Color(0x3C8796), Color(0xE25B50), Color(0x8C98A5),
    ],
    ramp: [Color(0x1B232D), Color(0x1E4266), Color(0x2C74AF), Color(0x79B8E8), Color(0xE4F2FF)])

  /// The color of an ink.
  package func color(_ ink: Ink) -> Color {
    switch ink {
    case .background: background
    case .panel: panel
    case .text: text
    case .muted: muted
    case .grid: grid
    case .axis: axis
    case .good: good
    case .bad: bad
    case .series(let index): series[index % series.count]
    case .ramp(let amount): shade(Ink.step(amount))
    case .onRamp(let amount): legible(on: shade(Ink.step(amount)))
    }
  }

  /// The shade at a step of the ramp.
  private func shade(_ step: Int) -> Color {
    let place = Double(step) / Double(Ink.rampSteps) * Double(ramp.count - 1)
    let index = min(ramp.count - 2, Int(place))
    return ramp[index].mixed(with: ramp[index + 1], share: place - Double(index))
  }

  /// Black or white, whichever is more legible on the color.
  private func legible(on color: Color) -> Color {
    let (dark, light) = (Color(0x000000), Color(0xFFFFFF))
    return color.contrast(with: dark) >= color.contrast(with: light) ? dark : light
  }
}
