import Figures
import Testing

/// Colors stay distinct: for people with color blindness, on paper, and in the dark.
struct ThemeTests {
  private static let themes = [Theme.light, .dark]

  @Test(arguments: themes)
  func textsCanBeRead(theme: Theme) {
    for surface in [Ink.background, .panel] {
      for ink in [Ink.text, .muted, .good, .bad] {
        let contrast = theme.color(ink).contrast(with: theme.color(surface))
        #expect(contrast >= 4.5, "\(ink) on \(surface): \(contrast)")
      }
    }
    for step in 0...Ink.rampSteps {
      let amount = Double(step) / Double(Ink.rampSteps)
      let contrast = theme.color(.onRamp(amount)).contrast(with: theme.color(.ramp(amount)))
      #expect(contrast >= 4.5, "step \(step): \(contrast)")
    }
  }

  @Test(arguments: themes)
  func linesCanBeSeen(theme: Theme) {
    for index in 0..<Theme.seriesCount {
      let contrast = theme.color(.series(index)).contrast(with: theme.color(.background))
      #expect(contrast >= 3, "series \(index): \(contrast)")
    }
  }

  @Test(arguments: themes, ColorVision.allCases)
  func theFirstSixSeriesStayApart(theme: Theme, vision: ColorVision) {
    let seen = (0..<6).map { vision.lab(theme.color(.series($0))) }
    for a in 0..<6 {
      for b in 0..<a {
        // 2.3 is a difference that the eye just notices side by side.
        let distance = ColorVision.distance(seen[a], seen[b])
        #expect(distance >= 12, "\(vision): series \(a) and \(b): \(distance)")
      }
    }
  }

  @Test func theTestCanFail() {
    // Red and green of the same lightness: the case that the choice of colors must avoid.
    let (red, green) = (Color(0xC8503C), Color(0x6F8A2E))
    #expect(ColorVision.distance(ColorVision.normal.lab(red), ColorVision.normal.lab(green)) > 40)
    #expect(ColorVision.distance(ColorVision.deuteranopia.lab(red), ColorVision.deuteranopia.lab(green)) < 12)
  }

  @Test(arguments: themes)
  func theRampGoesOneWay(theme: Theme) {
    let luminances = (0...Ink.rampSteps).map {
      theme.color(.ramp(Double($0) / Double(Ink.rampSteps))).luminance
    }
    let isRising = luminances[0] < luminances[1]
    for (a, b) in zip(luminances, luminances.dropFirst()) { #expect(isRising ? a < b : a > b) }
    #expect(theme.color(.ramp(-3)) == theme.color(.ramp(0)))
    #expect(theme.color(.ramp(.nan)) == theme.color(.ramp(0)))
    #expect(theme.color(.ramp(.infinity)) == theme.color(.ramp(1)))
  }

  @Test func colorsAreWrittenAndMixed() {
    #expect(Color(0x0B62A8).hexadecimal == "#0b62a8")
    #expect(Color(0x000000).mixed(with: Color(0xFF8000), share: 0.5) == Color(0x804000))
    #expect(abs(Color(0xFFFFFF).contrast(with: Color(0x000000)) - 21) < 0.01)
    // From the guidelines: the lightest gray that is readable on white.
    #expect(abs(Color(0x767676).contrast(with: Color(0xFFFFFF)) - 4.54) < 0.03)
  }
}
