import Runs
import Testing

/// Spans of time, as flags and files give them.
struct DurationTextTests {
  @Test(arguments: [
    ("90", 90.0), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("1h1s", 3601), ("0.5", 0.5),
    ("1e-06s", 1e-6),
  ])
  func durationsAreRead(text: String, seconds: Double) {
    #expect(DurationText.seconds(text) == seconds)
  }

  @Test(arguments: ["", "0", "-5", "10x", "m", "30m1h", "1m1m", "1m30", "inf", "nan"])
  func otherTextsAreNoDurations(text: String) {
    #expect(DurationText.seconds(text) == nil)
  }
}
